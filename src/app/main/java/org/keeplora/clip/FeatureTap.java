package org.keeplora.clip;

import org.bytedeco.pytorch.Tensor;

/** Sees the inputs of adapted linear maps while the model runs. */
@FunctionalInterface
public interface FeatureTap {
    /**
     * {@code activations} [n x tokens x width] float32 belong to the forward pass: use or copy them before it returns.
     */
    void accept(SiteInput input, Tensor activations);
}
