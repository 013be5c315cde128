/**
 * The KeepLoRA paper (arXiv 2601.19659) on matrices only: what is protected, how a task starts, how the protected
 * subspace grows.
 *
 * <p>Here are its variants and what it reports, all immutable values. {@code org.keeplora.method.internal} computes.
 *
 * <p>Imports engine only, never torch.
 */
package org.keeplora.method;
