package org.keeplora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.keeplora.torch.Precision;
import org.keeplora.torch.Tensors;

/** Loss scaling returns the unscaled gradient, or reports an overflow. */
final class LossScaleTest {
    /** The gradient d(factor · Σ x)/dx through the scale, and whether the step is valid. */
    private static boolean backward(LossScale scale, Tensor x, double factor) {
        scale.scaled(x.sum().mul(new Scalar(factor))).backward();
        return scale.unscale(List.of(x));
    }

    @Test
    void finiteGradientsComeBackUnscaled() {
        try (PointerScope scope = new PointerScope()) {
            LossScale scale = new LossScale(Precision.FLOAT16);
            Tensor x = Tensors.ofFloats(new float[] {1, 2}, 2).requires_grad_(true);
            assertTrue(backward(scale, x, 3));
            assertArrayEquals(new float[] {3, 3}, Tensors.floats(x.grad()));
            assertEquals(65536, scale.value());
        }
    }

    @Test
    void anOverflowHalvesTheScaleAndAsksForTheStepToBeLeftOut() {
        try (PointerScope scope = new PointerScope()) {
            LossScale scale = new LossScale(Precision.FLOAT16);
            Tensor x = Tensors.ofFloats(new float[] {1, 2}, 2).requires_grad_(true);
            assertFalse(backward(scale, x, Float.MAX_VALUE));
            assertEquals(32768, scale.value());
        }
    }

    @Test
    void itGrowsAfterManyGoodSteps() {
        LossScale scale = new LossScale(Precision.FLOAT16);
        for (int i = 0; i < 2000; i++) {
            assertTrue(scale.unscale(List.of()));
        }
        assertEquals(131072, scale.value());
    }

    @Test
    void widerRangesNeedNone() {
        LossScale scale = new LossScale(Precision.BFLOAT16);
        assertTrue(scale.unscale(List.of()));
        assertEquals(1, scale.value());
    }
}
