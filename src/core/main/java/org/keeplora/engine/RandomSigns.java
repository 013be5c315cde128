package org.keeplora.engine;

import java.util.Random;

/** Random signs as the start of a search for leading directions: as good as normal numbers, at one random bit each. */
final class RandomSigns {
    private RandomSigns() {}

    /**
     * A matrix of -1 and 1 on the host. {@link Random} specifies its algorithm, so a seed means the same everywhere.
     */
    static Matrix matrix(int rows, int cols, ElementType type, long seed) {
        Random random = new Random(seed);
        float[] signs = new float[rows * cols];
        long bits = 0;
        for (int i = 0; i < signs.length; i++) {
            bits = i % Long.SIZE == 0 ? random.nextLong() : bits >>> 1;
            signs[i] = (bits & 1) == 0 ? -1 : 1;
        }
        try (Matrix narrow = Matrix.copyOf(rows, cols, signs)) {
            return CpuLayout.convert(narrow, type);
        }
    }
}
