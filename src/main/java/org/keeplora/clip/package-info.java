/**
 * CLIP in libtorch: both towers, adapters on the attention projections, feature taps, tokenizer and image transform.
 *
 * <p>Imports engine (for {@link org.keeplora.clip.TorchMatrix}, the only bridge between tensors and matrices), store and data
 * (for {@link org.keeplora.data.RgbImage}). Beside train the only room that may import {@code org.bytedeco.pytorch}.
 */
package org.keeplora.clip;
