/**
 * Connects tensors of JavaCPP's PyTorch with matrices of the engine: shared memory, adapted linear maps, threads,
 * precision, device.
 *
 * <p>Imports engine. {@link org.keeplora.torch.TorchMatrix} is the only bridge between tensors and matrices.
 *
 * <p>{@link org.keeplora.torch.Libtorch} loads libtorch. Call it first if you use libtorch before any class of this
 * package.
 *
 * <p>Threads: an {@link org.keeplora.torch.AdaptedLinear} belongs to one thread at a time;
 * {@link org.keeplora.torch.TorchMatrix} has no state. Guards, autocast and JavaCPP's scopes belong to the thread that
 * opened them.
 */
package org.keeplora.torch;
