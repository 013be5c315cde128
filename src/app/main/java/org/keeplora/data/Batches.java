package org.keeplora.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Divides item numbers {@code 0 .. n-1} into batches. The last batch is kept; it is shorter when {@code batchSize} does
 * not divide {@code n}.
 */
public final class Batches {
    private Batches() {}

    /**
     * Batches in a random order that depends on {@code n} and {@code seed} only: a Fisher-Yates shuffle with {@link
     * SplittableRandom}, the same on every platform. {@code batchSize} does not change the order.
     *
     * @param n items, at least 0
     * @param batchSize items per batch, at least 1
     * @return ceil(n / batchSize) new arrays
     */
    public static List<int[]> shuffled(int n, int batchSize, long seed) {
        int[] order = numbers(n, batchSize);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = n - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return cut(order, batchSize);
    }

    /** Batches in stored order; parameters as in {@link #shuffled}. */
    public static List<int[]> inOrder(int n, int batchSize) {
        return cut(numbers(n, batchSize), batchSize);
    }

    private static int[] numbers(int n, int batchSize) {
        if (n < 0 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "batches: n is " + n + " and batchSize is " + batchSize + "; need n >= 0 and batchSize >= 1");
        }
        return IntStream.range(0, n).toArray();
    }

    private static List<int[]> cut(int[] order, int batchSize) {
        List<int[]> batches = new ArrayList<>();
        for (int from = 0; from < order.length; from += Math.min(batchSize, order.length - from)) {
            batches.add(Arrays.copyOfRange(order, from, from + Math.min(batchSize, order.length - from)));
        }
        return batches;
    }
}
