/**
 * Tensors of JavaCPP's PyTorch beside matrices of the engine: one memory for both, adapted linear maps, threads,
 * precision, device.
 *
 * <p>Imports engine. {@link org.keeplora.torch.TorchMatrix} is the only bridge between tensors and matrices.
 *
 * <p>{@link org.keeplora.torch.Libtorch} loads libtorch; whoever uses libtorch before a class of this package does
 * calls that first.
 *
 * <p>Threads: an {@link org.keeplora.torch.AdaptedLinear} belongs to one thread at a time;
 * {@link org.keeplora.torch.TorchMatrix} has no state. Guards, autocast and JavaCPP's scopes belong to the thread that
 * opened them.
 */
package org.keeplora.torch;
