package org.keeplora.engine.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;

/**
 * A short test of a backend on the projection of one site of ViT-B/16: 768 x 768, k = 300.
 *
 * @param shots number of projections
 * @param medianMillis time of one projection, including waiting for it
 * @param gigaflops per second, at the median
 * @param leftInside ‖basisᵀ·R‖ / ‖G‖, the part that the projection left inside the span
 * @param tolerance largest allowed {@code leftInside}: ten roundings of a float32
 */
public record SelfTest(int shots, double medianMillis, double gigaflops, double leftInside, double tolerance) {
    private static final int WIDTH = 768;
    private static final int RANK = 300;
    private static final double FLOP = 4.0 * WIDTH * WIDTH * RANK;

    /** Whether the result was correct. */
    public boolean passed() {
        return leftInside <= tolerance;
    }

    /** Repeats the projection for {@code seconds}. */
    public static SelfTest run(BatchLinalg linalg, double seconds) {
        try (Matrix basis = linalg.adopt(gaussian(RANK, 1));
                Matrix gradient = linalg.adopt(gaussian(WIDTH, 2));
                Matrix inside = linalg.zeros(RANK, WIDTH, ElementType.F32)) {
            linalg.orthonormalize(List.of(basis));
            double before = linalg.norms(List.of(gradient))[0];
            List<Long> nanos = new ArrayList<>();
            long end = System.nanoTime() + (long) (seconds * 1e9);
            do {
                long start = System.nanoTime();
                linalg.projectOut(List.of(new Projection(gradient, Projector.outOf(basis))));
                linalg.norms(List.of(gradient)); // waits for the device
                nanos.add(System.nanoTime() - start);
            } while (System.nanoTime() < end);
            linalg.multiply(List.of(Product.of(inside, Operand.transposed(basis), Operand.of(gradient))));
            double left = linalg.norms(List.of(inside))[0] / before;
            nanos.sort(null);
            double median = nanos.get(nanos.size() / 2) / 1e6;
            return new SelfTest(nanos.size(), median, FLOP / median / 1e6, left, 10 * Math.ulp(1f) / 2);
        }
    }

    private static Matrix gaussian(int cols, long seed) {
        Random random = new Random(seed);
        float[] values = new float[WIDTH * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Matrix.copyOf(WIDTH, cols, values);
    }
}
