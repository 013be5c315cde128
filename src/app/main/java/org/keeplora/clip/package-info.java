/**
 * CLIP in libtorch: both towers, adapters on the attention projections, feature taps, tokenizer and image transform.
 *
 * <p>Imports torch, engine, store and data (for {@link org.keeplora.data.RgbImage}).
 *
 * <p>{@link org.keeplora.torch.Libtorch} loads libtorch; code that uses libtorch before opening a model calls it first.
 *
 * <p>Threads: a model with its adapters, heads and taps must be used by one thread at a time, and so must a tokenizer.
 * {@link org.keeplora.clip.ImageTransform} and {@link org.keeplora.torch.TorchMatrix} are immutable. Guards, autocast
 * and JavaCPP's scopes belong to the thread that opened them.
 *
 * <p>Configurations of other programs are read by lists of known keys, with the defaults of the program that wrote them
 * ({@link org.keeplora.store.KnownKeys}). A key is either supported or refused, because a model that computes something
 * else is worse than one that does not load. The names of the tensors show which configuration belongs to the file.
 *
 * <p>Model files are treated as hostile: JSON of at most 16 MiB and 64 levels, a vocabulary of at most 16 MiB unpacked,
 * sizes of 1 to 1,000,000 before libtorch sees them; an adapter's expression may have no counts, and matching stops
 * after 1,000,000 steps, because a hostile expression could take years.
 */
package org.keeplora.clip;
