package org.keeplora.clip;

import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The non-linearity between the two linear maps of a block. */
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

    /** The name in run configurations. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The factor by which {@link #applySteep} is steeper than this function. */
    double slope() {
        return slope;
    }

    /**
     * f with {@code f(slope · x) / slope} = this function of x. It takes one pass over memory; callers fold the two
     * factors into products.
     */
    abstract Tensor applySteep(Tensor x);
}
