package org.keeplora.clip;

import org.keeplora.store.BadFile;

/** What a checkpoint's configuration says of it that the shapes of its tensors do not. */
interface ClipConfig {
    /**
     * {@code shapes} with the attention heads, activations, image size and end of text of the configuration.
     *
     * @throws BadFile naming a key whose value is not computed, or not what the tensors have
     */
    ClipArchitecture complete(ClipArchitecture shapes);

    /**
     * How images become what a network of square inputs of {@code imageSize} pixels reads; throws as {@link #complete}.
     */
    ImageTransform transform(int imageSize);
}
