package org.keeplora.train;

import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.torch.Precision;

/**
 * Dynamic loss scaling (Micikevicius et al. 2018): float16 gradients are computed of a multiple of the loss so that
 * small ones do not vanish; a step whose gradients overflow is left out. PyTorch's defaults. Does nothing for the wider
 * ranges.
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

    /** Factor of the loss now. */
    double value() {
        return scale;
    }

    /** What a {@link #restore restored} one goes on from: the scale, and how many steps it has held. */
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

    /** Divides the gradients by the scale, in place; false when one is not finite and the step must be left out. */
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
