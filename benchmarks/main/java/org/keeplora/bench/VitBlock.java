package org.keeplora.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;

/** Shapes of one block of CLIP ViT-B/16: sites q, k, v, o, and 64 images of 197 tokens. */
final class VitBlock {
    static final int WIDTH = 768;
    /** 64 images x 197 tokens. */
    static final int SLOTS = 12608;
    /** Columns of M when the task begins. */
    static final int PROTECTED = 300;

    static final int RANK = 16;
    static final int SKETCH = 4 * RANK;
    static final int POWER_ITERATIONS = 4;
    static final double FEATURE_ENERGY = 0.99;
    /** q, k and v read one input, o another. */
    static final int[] INPUT_OF_SITE = {0, 0, 0, 1};

    private VitBlock() {}

    /**
     * Features [slots x width] float32 whose standard deviations along the directions fall as 1/i, rotated randomly.
     */
    static Matrix features(BatchLinalg linalg, long seed) {
        Random random = new Random(seed);
        float[] values = new float[SLOTS * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / (1 + i % WIDTH));
        }
        try (Matrix plain = Matrix.copyOf(SLOTS, WIDTH, values);
                Matrix rotation = basis(linalg, WIDTH, seed + 1)) {
            Matrix turned = Matrix.zeros(SLOTS, WIDTH, ElementType.F32);
            linalg.multiply(List.of(Product.of(turned, Operand.of(plain), Operand.transposed(rotation))));
            return turned;
        }
    }

    /** Random orthonormal columns [width x columns] float32. */
    static Matrix basis(BatchLinalg linalg, int columns, long seed) {
        Matrix basis = gaussian(WIDTH, columns, seed);
        linalg.orthonormalize(List.of(basis));
        return basis;
    }

    /** Gradients [width x width] float32 with spectra that decay like those of real gradients, one per site. */
    static List<Matrix> gradients(BatchLinalg linalg) {
        List<Matrix> gradients = new ArrayList<>();
        for (int site = 0; site < INPUT_OF_SITE.length; site++) {
            try (Matrix left = gaussian(WIDTH, WIDTH, 100 + site);
                    Matrix right = gaussian(WIDTH, WIDTH, 200 + site)) {
                float[] scaled = left.toFloats();
                for (int i = 0; i < scaled.length; i++) {
                    scaled[i] *= (float) Math.pow(0.8, i % WIDTH);
                }
                Matrix gradient = Matrix.zeros(WIDTH, WIDTH, ElementType.F32);
                try (Matrix decaying = Matrix.copyOf(WIDTH, WIDTH, scaled)) {
                    linalg.multiply(List.of(Product.of(gradient, Operand.of(decaying), Operand.of(right))));
                }
                gradients.add(gradient);
            }
        }
        return gradients;
    }

    private static Matrix gaussian(int rows, int cols, long seed) {
        Random random = new Random(seed);
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Matrix.copyOf(rows, cols, values);
    }
}
