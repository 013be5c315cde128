package org.keeplora.bench;

import org.keeplora.engine.ElementType;

/**
 * One adapted weight [width x width], and the work of its operations.
 *
 * @param width of its input and output
 * @param protectedDirections k, columns of M when the task begins
 * @param input number of the layer input that it reads; q, k and v of a block read one, o another
 * @param seat 0 to 2 for the sites with the same input, so that each protects different directions
 * @param energies how the energy of the input falls
 */
record SiteShape(int width, int protectedDirections, int input, int seat, Energies energies) {
    /** How the energy of an input lies in the directions that are protected when a task begins. */
    enum Energies {
        /** λ_i = 1/(1+i)², every other direction protected. */
        ALTERNATING,
        /**
         * The leading directions are protected and hold {@link #OUTSIDE} less than all, with λ_i = c/(1+i)^1.5; outside
         * λ_i = c'/(1+i)^0.6. So falls what later tasks leave of real features (benchmarks/EXPERIMENTS.md, 24).
         */
        LATER_TASK
    }

    /** Parts of the energy outside, by site: 0.99 is covered already, or needs some directions more. */
    private static final double[] OUTSIDE = {0.008, 0.0105, 0.0115, 0.013, 0.0095};

    /** The part of the energy outside the protected directions of a later task. */
    double outside() {
        return OUTSIDE[common() / 2 % OUTSIDE.length];
    }

    /** Directions that all sites with this input protect when a later task begins. */
    int common() {
        return protectedDirections - 2 * seat;
    }

    /** Number of unprotected directions. */
    int free() {
        return width - protectedDirections;
    }

    /** G − M(MᵀG): two products; M and G are read, R is written. */
    Work projectOut(ElementType type) {
        double in = width;
        double k = protectedDirections;
        return new Work(4 * in * in * k, type.bytes() * (in * k + 2 * in * in));
    }

    /**
     * 9n³ (Golub and Van Loan, symmetric QR with vectors), for every algorithm; the matrix is read, the vectors are
     * written.
     */
    static Work eigh(double n) {
        return new Work(9 * n * n * n, Double.BYTES * 2 * n * n);
    }

    /** The range finder's products with the matrix: one, two per power iteration, and one for the right factor. */
    Work lowRank(ElementType type) {
        double in = width;
        double products = 2 + 2 * VitBlock.POWER_ITERATIONS;
        return new Work(products * 2 * in * in * VitBlock.SKETCH, type.bytes() * (in * in + 2 * in * VitBlock.RANK));
    }

    /** QᵀCQ, its eigenproblem and Q·V, for Q [width x free]; C and M are read, the grown M is written. */
    Work grow() {
        double in = width;
        double c = free();
        double products = 2 * in * in * c + 2 * in * c * c + 2 * in * c * c;
        return new Work(products + eigh(c).flop(), Double.BYTES * in * in + 2 * Float.BYTES * in * protectedDirections);
    }

    /** Projection of the gradient, then the range finder, without shortcuts. */
    Work start() {
        double in = width;
        double read = Float.BYTES * (in * in + in * protectedDirections);
        return new Work(
                projectOut(ElementType.F32).flop() + lowRank(ElementType.F32).flop(),
                read + Float.BYTES * 2 * in * VitBlock.RANK);
    }
}
