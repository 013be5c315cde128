package org.keeplora.clip;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Non-linearity between the two linear maps of a block. */
public enum Activation {
    /** x · sigmoid(1.702 x): OpenAI's CLIP. */
    QUICK_GELU {
        @Override
        Tensor apply(Tensor x) {
            return x.mul(torch.sigmoid(x.mul(new Scalar(SLOPE))));
        }
    },
    /** x · Φ(x): most of open_clip's own models. */
    GELU {
        @Override
        Tensor apply(Tensor x) {
            return torch.gelu(x);
        }
    };

    private static final double SLOPE = 1.702;

    abstract Tensor apply(Tensor x);
}
