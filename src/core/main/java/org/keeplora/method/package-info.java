/**
 * The KeepLoRA paper (arXiv 2601.19659) on matrices only: what must not move, how a task starts, how the protected
 * space grows.
 *
 * <p>Imports engine only, never torch: a trainer with its own network embeds engine and method alone.
 *
 * <p>Threads: {@link org.keeplora.method.PrincipalSubspace}, {@link org.keeplora.method.SecondMoment} and
 * {@link org.keeplora.method.SlotMean} change and belong to one thread at a time; different ones may be used at once,
 * with one {@link org.keeplora.engine.Linalg} too. Enums and records are values; {@link org.keeplora.method.LoraStart}
 * has no state.
 */
package org.keeplora.method;
