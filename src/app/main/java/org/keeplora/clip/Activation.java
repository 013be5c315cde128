package org.keeplora.clip;

import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Non-linearity between the two linear maps of a block. */
public enum Activation {
    /** x · sigmoid(1.702 x): OpenAI's CLIP. */
    QUICK_GELU(1.702) {
        @Override
        Tensor applySteep(Tensor x) {
            return torch.silu(x);
        }
    },
    /** x · Φ(x): most of open_clip's own models. */
    GELU(1) {
        @Override
        Tensor applySteep(Tensor x) {
            return torch.gelu(x);
        }
    };

    private final double slope;

    Activation(double slope) {
        this.slope = slope;
    }

    /** As configurations of runs name it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How much steeper than this function {@link #applySteep} is. */
    double slope() {
        return slope;
    }

    /**
     * f with {@code f(slope · x) / slope} = this function of x: one pass over memory, where the two factors go into
     * products.
     */
    abstract Tensor applySteep(Tensor x);
}
