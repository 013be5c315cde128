package org.keeplora.clip;

import org.keeplora.store.BadFile;

/** The facts in a checkpoint's configuration that the shapes of its tensors do not show. */
interface ClipConfig {
    /**
     * {@code shapes} with the attention heads, activations, image size and end of text of the configuration.
     *
     * @throws BadFile naming a key whose value is not supported or contradicts the tensors
     */
    ClipArchitecture complete(ClipArchitecture shapes);

    /**
     * How to prepare images for a network with square inputs of {@code imageSize} pixels; throws as {@link #complete}.
     */
    ImageTransform transform(int imageSize);
}
