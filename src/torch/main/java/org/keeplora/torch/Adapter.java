package org.keeplora.torch;

import org.bytedeco.pytorch.Tensor;

/**
 * A LoRA adapter to attach: W ← W − scale·A·B, then y = x·W + scale·(x·A)·B. The function stays the same until the
 * adapter is trained.
 *
 * @param a [in x r] float32, copied on attaching
 * @param b [r x out] float32, copied on attaching
 * @param scale s
 * @param trained which factors get gradients
 */
public record Adapter(Tensor a, Tensor b, double scale, Trained trained) {
    /** Which factors are trained. */
    public enum Trained {
        /** KeepLoRA: A is frozen. */
        B,
        /** Standard LoRA. */
        A_AND_B
    }
}
