/**
 * KeepLoRA for modules of JavaCPP's PyTorch, and what connects tensors with matrices of the engine: shared memory,
 * adapted linear maps, threads, precision, device.
 *
 * <p>Register {@link org.keeplora.torch.KeepLoraLinear} in a module in place of {@code LinearImpl}, and give the module
 * to {@link org.keeplora.torch.TorchLearner}; its page has an example. {@link org.keeplora.torch.KeepLoraLayers} leaves
 * layers out and says which read one input.
 *
 * <p>Decisions: the weight under an adapter keeps its bits until the adapter is merged, as the adapter adds
 * s·(x·A)·(B − B_start). So nothing is rounded to half precision at the start, no copy of the weight is needed, and a
 * checkpoint means the same at any time. CLIP in a run keeps the paper's W' = W − s·A·B_start, to give the bits of the
 * authors' program.
 *
 * <p>Imports engine, method and learner. {@link org.keeplora.torch.TorchMatrix} is the only bridge between tensors and
 * matrices.
 *
 * <p>{@link org.keeplora.torch.Libtorch} loads libtorch. Call it first if you use libtorch before any class of this
 * package.
 *
 * <p>Threads: a {@link org.keeplora.torch.TorchLearner}, its tasks and its layers belong to one thread at a time, and
 * so does an {@link org.keeplora.torch.AdaptedLinear}; {@link org.keeplora.torch.TorchMatrix} has no state. Guards,
 * autocast and JavaCPP's scopes belong to the thread that opened them.
 */
package org.keeplora.torch;
