package org.keeplora.compare;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Growth from nothing by eigenvalues and eigenvectors of C: the leading ones that hold the share. */
abstract class EigenGrowth implements Operation {
    private final Inputs in;
    private final double[] values;

    EigenGrowth(Inputs in, double[] values) {
        this.in = in;
        this.values = values;
    }

    /** Entry {@code row} of eigenvector {@code column}. */
    abstract double component(int column, int row);

    /** Rank, and the norm of what the directions leave of the probe. */
    @Override
    public double[] result() {
        List<Integer> order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -values[i]))
                .toList();
        double total = IntStream.range(0, values.length).mapToDouble(i -> values[i]).sum();
        float[] probe = in.probe();
        double left = 0;
        for (float entry : probe) {
            left += entry * entry;
        }
        double covered = 0;
        int rank = 0;
        while (covered < Inputs.SHARE * total) {
            int column = order.get(rank++);
            covered += values[column];
            double part = 0;
            for (int row = 0; row < probe.length; row++) {
                part += probe[row] * component(column, row);
            }
            left -= part * part;
        }
        return new double[] {rank, Math.sqrt(left)};
    }
}
