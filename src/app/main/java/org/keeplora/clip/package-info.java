/**
 * CLIP in libtorch: both towers, adapters on the attention projections, feature taps, tokenizer and image transform.
 *
 * <p>Imports torch, engine, store and data (for {@link org.keeplora.data.RgbImage}).
 *
 * <p>{@link org.keeplora.torch.Libtorch} loads libtorch; whoever uses it before a model is opened calls that first.
 *
 * <p>Threads: a model with its adapters, heads and taps belongs to one thread at a time, and so does a tokenizer.
 * {@link org.keeplora.clip.ImageTransform} and {@link org.keeplora.torch.TorchMatrix} have no state that changes.
 * Guards, autocast and JavaCPP's scopes belong to the thread that opened them.
 *
 * <p>Configurations of other programs are read by lists of known keys, with the defaults of the program that wrote them
 * ({@link org.keeplora.store.KnownKeys}): what a key changes is computed, or the key is refused, as a model that
 * computes something else is worse than one that does not load. The names of the tensors tell which configuration is
 * the file's own.
 *
 * <p>Model files are taken for hostile: JSON of at most 16 MiB and 64 levels, a vocabulary of at most 16 MiB unpacked,
 * sizes of 1 to 1,000,000 before libtorch sees them; an expression of an adapter has no counts, and matching ends after
 * 1,000,000 steps, as it can be made to take years.
 */
package org.keeplora.clip;
