/**
 * CLIP in libtorch: both towers, adapters on the attention projections, feature taps, tokenizer and image transform.
 *
 * <p>Imports engine (for {@link org.keeplora.clip.TorchMatrix}, the only bridge between tensors and matrices), store and data
 * (for {@link org.keeplora.data.RgbImage}). Beside train the only room that may import {@code org.bytedeco.pytorch}.
 *
 * <p>{@link org.keeplora.clip.Libtorch} loads libtorch; whoever uses it before a model is opened calls that first.
 *
 * <p>Threads: a model with its adapters, heads and taps belongs to one thread at a time, and so does a tokenizer. {@link
 * org.keeplora.clip.ImageTransform} and {@link org.keeplora.clip.TorchMatrix} have no state that changes. Guards, autocast and JavaCPP's
 * scopes belong to the thread that opened them.
 *
 * <p>Model files are taken for hostile: JSON of at most 16 MiB and 64 levels, a vocabulary of at most 16 MiB unpacked, sizes of 1 to
 * 1,000,000 before libtorch sees them; a pattern of an adapter has no groups and no counts, as others can be made to match for years.
 */
package org.keeplora.clip;
