/**
 * The KeepLoRA paper (arXiv 2601.19659) on matrices only: what must not move, how a task starts, how the protected space grows.
 *
 * <p>Imports engine only, never torch: a trainer with its own network embeds engine and method alone.
 */
package org.keeplora.method;
