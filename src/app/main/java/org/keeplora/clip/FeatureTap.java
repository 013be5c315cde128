package org.keeplora.clip;

import org.bytedeco.pytorch.Tensor;

/** Receives the inputs of adapted linear maps while the model runs. */
@FunctionalInterface
public interface FeatureTap {
    /**
     * {@code activations} [n x tokens x width] float32 are valid only during the call: use or copy them before
     * returning.
     */
    void accept(SiteInput input, Tensor activations);
}
