package org.keeplora.train;

import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.torch.Precision;

/**
 * Dynamic loss scaling (Micikevicius et al. 2018) with PyTorch's defaults. Float16 gradients are computed from a
 * multiple of the loss, so that small ones do not vanish. A step whose gradients overflow is skipped. Does nothing for
 * types with a wider range.
 */
final class LossScale {
    private static final double FIRST = 65536;
    private static final double GROWTH = 2;
    private static final double BACKOFF = 0.5;
    private static final int STEPS_TO_GROWTH = 2000;

    private final boolean active;
    private double scale;
    private int finiteSteps;

    LossScale(Precision precision) {
        active = precision == Precision.FLOAT16;
        scale = active ? FIRST : 1;
    }

    /** The current factor of the loss. */
    double value() {
        return scale;
    }

    /** The state to save: the scale and the number of steps since it last changed. */
    double[] state() {
        return new double[] {scale, finiteSteps};
    }

    void restore(double[] state) {
        scale = state[0];
        finiteSteps = (int) state[1];
    }

    /** The loss to call backward on, in the caller's scope. */
    Tensor scaled(Tensor loss) {
        return active ? loss.mul(new Scalar(scale)) : loss;
    }

    /** Divides the gradients by the scale, in place; false if one is not finite and the step must be skipped. */
    boolean unscale(List<Tensor> parameters) {
        if (!active) {
            return true;
        }
        boolean finite = true;
        try (NoGradGuard guard = new NoGradGuard()) {
            for (Tensor parameter : parameters) {
                Tensor gradient = parameter.grad();
                if (gradient.defined()) {
                    gradient.div_(new Scalar(scale));
                    finite &= gradient.isfinite().all().item_bool();
                }
            }
        }
        adjust(finite);
        return finite;
    }

    private void adjust(boolean finite) {
        finiteSteps = finite ? finiteSteps + 1 : 0;
        if (!finite) {
            scale *= BACKOFF;
        } else if (finiteSteps == STEPS_TO_GROWTH) {
            scale *= GROWTH;
            finiteSteps = 0;
        }
    }
}
