package org.keeplora.engine;

import java.util.List;
import org.keeplora.engine.internal.LeadingEigen;
import org.keeplora.engine.internal.ResourceScope;

/**
 * The state of one problem of {@link BlockKrylov}, and its decisions. Rows of its larger matrices are vectors, so that
 * the first of them are a matrix without a copy.
 *
 * <p>Pairs are taken when the sine theorem (Davis and Kahan 1970) bounds their angle to the true ones: ‖AY − YΘ‖ ≤
 * {@link #SINE}·(θ_p − θ_{p+1}). Where eigenvalues at the cut are too close for that, any of their vectors serves, and
 * the residual must be {@link #TIED} beside θ_p. A search is given up when many directions are needed: the full solver
 * is faster then. It is given up too if as many eigenvalues are equal as a block has columns, because the iteration may
 * not have seen more of them.
 */
final class KrylovSearch {
    private static final double SINE = 1e-5;
    private static final double TIED = 1e-8;
    /** An eigenvalue so far below 0, beside the largest, is a mistake that the full solver reports. */
    private static final double NEGATIVE = 1e-2;
    /** Eigenvalues that differ by less than this part count as equal. */
    private static final double EQUAL = 1e-6;
    /** Below this number of rows a full decomposition is faster (benchmarks/EXPERIMENTS.md, 24). */
    private static final int SMALL = 400;
    /** Most directions of V; beyond them decomposing VᵀAV takes the time. */
    private static final int MOST = 512;
    /** V has at most n / 3 directions. */
    private static final int PARTS = 3;
    /** Directions of V when VᵀAV is decomposed first, in blocks, and the growth until it is decomposed again. */
    private static final int FIRST_BLOCKS = 5;

    private static final double GROWTH = 1.25;
    /** V needs at least this many times as many directions as pairs are wanted. */
    private static final int DIRECTIONS_PER_PAIR = 3;

    private final LinalgKernels kernels;
    private final LeadingEigen problem;
    private final ResourceScope scope;
    private final int limit;
    private Matrix unit;
    private Matrix block;
    /** Vᵀ. */
    private Matrix vectors;
    /** VᵀA. */
    private Matrix images;
    /** Directions of V. */
    private int count;

    private int nextCheck;
    private boolean ended;
    private boolean successful;
    /** All Ritz values, descending. */
    private double[] ritz;

    private int pairs;
    private Matrix values;
    private Matrix found;

    KrylovSearch(LinalgKernels kernels, LeadingEigen problem, ResourceScope scope) {
        this.kernels = kernels;
        this.problem = problem;
        this.scope = scope;
        this.limit = limit(problem);
    }

    /** Most directions of V; 0 if the full solver is faster from the start. */
    private static int limit(LeadingEigen problem) {
        int n = problem.matrix().rows();
        return n < SMALL ? 0 : Math.min(MOST, n / PARTS);
    }

    /** Work of a search that is given up late, in operations of a product. */
    static long work(LeadingEigen problem) {
        return 4L * limit(problem) * problem.matrix().elements();
    }

    /** Columns of a block: enough for fast products with a matrix of this size. */
    int width() {
        int n = matrix().rows();
        return n < 2048 ? 8 : n < 8192 ? 16 : 32;
    }

    /** Allocates the matrices; false if the search is given up at once. */
    boolean begin() {
        if (limit < FIRST_BLOCKS * width()) {
            return false;
        }
        int n = matrix().rows();
        vectors = matrix(limit + width(), n);
        images = matrix(limit + width(), n);
        block = matrix(n, width());
        nextCheck = FIRST_BLOCKS * width();
        return true;
    }

    private Matrix matrix(int number, int length) {
        return scope.keep(kernels.uninitialized(number, length, ElementType.F64));
    }

    /** A [n x n]. */
    Matrix matrix() {
        return problem.matrix();
    }

    /** X [n x width]. */
    Matrix block() {
        return block;
    }

    void useUnit(Matrix identity) {
        unit = identity;
    }

    /** I [width x width]. */
    Matrix unit() {
        return unit;
    }

    /** Number of directions of V. */
    int count() {
        return count;
    }

    /** View of Vᵀ. The caller closes it, as every view. */
    Matrix vectors() {
        return view(vectors, 0, count);
    }

    /** View of VᵀA. */
    Matrix images() {
        return view(images, 0, count);
    }

    /** View of the rows of Vᵀ that the block becomes. */
    Matrix nextVectors() {
        return view(vectors, count, width());
    }

    /** View of the rows of VᵀA that belong to {@link #nextVectors}. */
    Matrix nextImages() {
        return view(images, count, width());
    }

    /** View of some rows of a float64 matrix. */
    Matrix view(Matrix all, int first, int number) {
        long start = (long) first * all.cols();
        return kernels.wrap(number, all.cols(), ElementType.F64, all.doubles().getPointer(start), kernels.stream());
    }

    /** The block has become a part of V. */
    void extended() {
        count += width();
    }

    /** Whether VᵀAV is to be decomposed now. */
    boolean isDue() {
        return count >= nextCheck || isFull();
    }

    /** Looks at the eigenvalues of VᵀAV. True if the leading {@link #pairs} reach the energy. */
    boolean reaches(double[] eigenvalues) {
        ritz = eigenvalues;
        nextCheck = (int) (GROWTH * count) + width();
        double sum = 0;
        for (pairs = 0; sum < problem.energy() && pairs < ritz.length; pairs++) {
            sum += ritz[pairs];
        }
        int needed = sum < problem.energy() ? 2 * count : DIRECTIONS_PER_PAIR * pairs;
        boolean negative = ritz[ritz.length - 1] < -NEGATIVE * ritz[0];
        ended = negative || needed > limit || needed > count && isFull();
        return !ended && needed <= count;
    }

    /** Number of leading pairs that reach the energy. */
    int pairs() {
        return pairs;
    }

    private boolean isFull() {
        return count + width() > limit;
    }

    /**
     * Ends the search if the residual is small enough, or V has all its directions.
     *
     * @param norm of the residual
     * @param all eigenvalues of VᵀAV
     * @param vectors Y [n x pairs]
     */
    void judge(double norm, Matrix all, Matrix vectors) {
        values = scope.keep(view(all, 0, pairs));
        found = vectors;
        double last = ritz[pairs - 1];
        successful = norm <= Math.max(SINE * (last - ritz[pairs]), TIED * last) && !holdsEqualValues();
        ended = successful || isFull();
    }

    /** Whether as many of the leading values are equal as the block has columns. */
    private boolean holdsEqualValues() {
        int apart = width() - 1;
        for (int i = 0; i < pairs && i + apart < ritz.length; i++) {
            if (ritz[i] - ritz[i + apart] <= EQUAL * ritz[i]) {
                return true;
            }
        }
        return false;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Values [p x 1] and vectors [n x p] of the pairs found; p is 0 if the search was given up. */
    List<Matrix> results() {
        return successful ? List.of(values, found) : List.of(matrix(0, 1), matrix(matrix().rows(), 0));
    }
}
