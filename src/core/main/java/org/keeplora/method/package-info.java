/**
 * The KeepLoRA paper (arXiv 2601.19659) on matrices only: what is protected, how a task starts, how the protected
 * subspace grows.
 *
 * <p>Imports engine only, never torch: a trainer with its own network needs only engine and method.
 *
 * <p>Threads: {@link org.keeplora.method.PrincipalSubspace}, {@link org.keeplora.method.SecondMoment} and
 * {@link org.keeplora.method.SlotMean} are mutable and belong to one thread at a time. Different ones may be used at
 * once, also with the same {@link org.keeplora.engine.Linalg}. Enums and records are values;
 * {@link org.keeplora.method.LoraStart} has no state.
 */
package org.keeplora.method;
