package org.keeplora.method;

/**
 * The share of all energy (Σσ² of a weight, tr C of features) that the protected directions hold together with the
 * leading directions outside their span.
 */
public final class CumulativeEnergy {
    private final int rank;
    private final double before;
    /** [n + 1] cumulative sums of the leading 0 .. n energies outside. */
    private final double[] sums;

    /**
     * @param rank number of protected directions
     * @param before share of the total that they hold alone, in [0, 1]
     * @param outside [in − rank] energies of the other directions, descending; negative ones (rounding) count as 0
     */
    public CumulativeEnergy(int rank, double before, double[] outside) {
        this.rank = rank;
        this.before = before;
        this.sums = new double[outside.length + 1];
        for (int i = 0; i < outside.length; i++) {
            sums[i + 1] = sums[i] + Math.max(0, outside[i]);
        }
    }

    /** Input width, which is the number of all directions. */
    public int in() {
        return rank + sums.length - 1;
    }

    /**
     * The share that the leading {@code directions} hold, in [0, 1], for 0 to {@link #in} directions. A fraction of a
     * direction holds that fraction of its energy. The protected directions are never divided: up to their number the
     * share is what they hold together. It is 1 if there is no energy.
     */
    public double share(double directions) {
        double total = sums[sums.length - 1];
        double count = directions - rank;
        if (count <= 0 || total == 0) {
            return total == 0 ? 1 : before;
        }
        int whole = (int) Math.min(count, sums.length - 1);
        double next = sums[Math.min(whole + 1, sums.length - 1)];
        double sum = sums[whole] + (count - whole) * (next - sums[whole]);
        return Math.max(before, 1 - (1 - before) * (1 - sum / total));
    }

    @Override
    public String toString() {
        return "energy of " + in() + " directions, " + rank + " of them protected";
    }
}
