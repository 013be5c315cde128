/**
 * CLIP in libtorch: both towers, adapters on the attention projections, feature taps, tokenizer and image transform.
 *
 * <p>Imports engine (for {@link org.keeplora.clip.TorchMatrix}, the only bridge between tensors and matrices), store and data
 * (for {@link org.keeplora.data.RgbImage}). Beside train the only room that may import {@code org.bytedeco.pytorch}.
 *
 * <p>Threads: a model with its adapters, heads and taps belongs to one thread at a time, and so does a tokenizer. {@link
 * org.keeplora.clip.ImageTransform} and {@link org.keeplora.clip.TorchMatrix} have no state that changes. Guards, autocast and JavaCPP's
 * scopes belong to the thread that opened them.
 */
package org.keeplora.clip;
