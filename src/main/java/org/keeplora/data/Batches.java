package org.keeplora.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Cuts a data set into batches of indices; the last may be shorter. */
public final class Batches {
    private Batches() {}

    /** 0 .. n−1 in order. */
    public static List<int[]> inOrder(int n, int batchSize) {
        return cut(IntStream.range(0, n).toArray(), batchSize);
    }

    /** 0 .. n−1 in an order that {@code seed} alone decides. */
    public static List<int[]> shuffled(int n, int batchSize, long seed) {
        int[] order = IntStream.range(0, n).toArray();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = n - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return cut(order, batchSize);
    }

    private static List<int[]> cut(int[] order, int batchSize) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batch size is " + batchSize + "; at least 1 is needed");
        }
        List<int[]> batches = new ArrayList<>();
        for (int from = 0; from < order.length; from += batchSize) {
            batches.add(Arrays.copyOfRange(order, from, Math.min(order.length, from + batchSize)));
        }
        return batches;
    }
}
