package org.keeplora.torch;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** Element type of the matrix products of a forward pass; weights, gradients and logits stay float32. */
public enum Precision {
    /** No conversion. */
    FLOAT32(ScalarType.Float),
    /** Eight bits of precision, float32's range. */
    BFLOAT16(ScalarType.BFloat16),
    /** Eleven bits of precision, largest value 65504: gradients need loss scaling. */
    FLOAT16(ScalarType.Half);

    private final ScalarType type;

    Precision(ScalarType type) {
        this.type = type;
    }

    /** libtorch's name of the type. */
    public ScalarType type() {
        return type;
    }
}
