package org.keeplora.method;

import java.util.stream.IntStream;

/** How much energy M holds together with the leading directions outside of its span. */
final class HeldEnergy {
    private final double before;
    /** [n + 1], of the leading 0 .. n energies. */
    private final double[] sums;

    /**
     * @param before share of the total that M holds alone, in [0, 1]
     * @param energies [n] of the directions outside, descending; negative ones (rounding) count as 0
     */
    HeldEnergy(double before, double[] energies) {
        this.before = before;
        this.sums = new double[energies.length + 1];
        for (int i = 0; i < energies.length; i++) {
            sums[i + 1] = sums[i] + Math.max(0, energies[i]);
        }
    }

    /** Share of the total with the {@code count} leading directions; of a part of a direction, as much of its energy. */
    double with(double count) {
        double left = sums[sums.length - 1];
        if (count <= 0 || left == 0) {
            return left == 0 ? 1 : before;
        }
        int whole = (int) Math.min(count, sums.length - 1);
        double next = sums[Math.min(whole + 1, sums.length - 1)];
        double sum = sums[whole] + (count - whole) * (next - sums[whole]);
        return Math.max(before, 1 - (1 - before) * (1 - sum / left));
    }

    /**
     * Over the directions of an input {@code width} wide: M is never divided, so the curve is level up to its rank, at what M holds, and
     * goes on with the directions outside.
     */
    EnergyCurve curve(int width) {
        int rank = width - (sums.length - 1);
        return new EnergyCurve(IntStream.range(0, EnergyCurve.POINTS)
                .mapToObj(i -> with((double) width * i / (EnergyCurve.POINTS - 1) - rank))
                .toList());
    }
}
