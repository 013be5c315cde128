package org.keeplora.engine;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.keeplora.engine.internal.Eigen;
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
    /** One start for all problems, so that a result depends on its problem only. */
    private static final long SEED = 7;

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
    private Matrix coordinates;
    private Matrix diagonal;
    private Matrix values;
    private Matrix found;
    private Matrix residual;

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
    private int width() {
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
        unit = diagonal(DoubleStream.generate(() -> 1).limit(width()).toArray());
        nextCheck = FIRST_BLOCKS * width();
        return true;
    }

    private Matrix matrix(int number, int length) {
        return scope.keep(kernels.uninitialized(number, length, ElementType.F64));
    }

    private Matrix diagonal(double[] numbers) {
        double[] square = new double[numbers.length * numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            square[i * numbers.length + i] = numbers[i];
        }
        return placed(Matrix.copyOf(numbers.length, numbers.length, square));
    }

    /** The matrix where the kernels compute, kept in the scope. */
    private Matrix placed(Matrix host) {
        scope.keep(host);
        return kernels.place() == Place.HOST
                ? host
                : matrix(host.rows(), host.cols()).writtenFrom(host);
    }

    /** A [n x n]. */
    Matrix matrix() {
        return problem.matrix();
    }

    /** X [n x width]. */
    Matrix block() {
        return block;
    }

    /** Ω [n x width], random signs; the same for all problems with this number of rows. */
    Matrix random() {
        return placed(RandomSigns.matrix(matrix().rows(), width(), ElementType.F64, SEED));
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

    private Matrix view(Matrix all, int first, int number) {
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

    /**
     * Looks at the eigenpairs of VᵀAV. True if the leading ones reach the energy; then {@link #coordinates} and what
     * follows exist.
     */
    boolean reaches(double[] eigenvalues, Eigen eigen, ResourceScope step) {
        ritz = eigenvalues;
        nextCheck = (int) (GROWTH * count) + width();
        double sum = 0;
        for (pairs = 0; sum < problem.energy() && pairs < ritz.length; pairs++) {
            sum += ritz[pairs];
        }
        int needed = sum < problem.energy() ? 2 * count : DIRECTIONS_PER_PAIR * pairs;
        boolean negative = ritz[ritz.length - 1] < -NEGATIVE * ritz[0];
        ended = negative || needed > limit || needed > count && isFull();
        if (ended || needed > count) {
            return false;
        }
        coordinates = step.keep(kernels.columns(eigen.vectors(), 0, pairs));
        diagonal = diagonal(Arrays.copyOf(ritz, pairs));
        try (Matrix leading = view(eigen.values(), 0, pairs)) {
            values = scope.keep(kernels.convert(leading, ElementType.F64));
        }
        found = matrix(matrix().rows(), pairs);
        residual = matrix(matrix().rows(), pairs);
        return true;
    }

    private boolean isFull() {
        return count + width() > limit;
    }

    /** S [count x pairs]. */
    Matrix coordinates() {
        return coordinates;
    }

    /** Θ [pairs x pairs]. */
    Matrix diagonal() {
        return diagonal;
    }

    /** Y [n x pairs]. */
    Matrix found() {
        return found;
    }

    /** AY, then AY − YΘ [n x pairs]. */
    Matrix residual() {
        return residual;
    }

    /** Ends the search if the norm of the residual is small enough, or V has all its directions. */
    void judge(double norm) {
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

    /** The pairs found; none if the search was given up. The caller closes them. */
    Eigen result() {
        return ResourceScope.handOver(made -> successful
                ? new Eigen(
                        made.keep(kernels.convert(values, ElementType.F64)),
                        made.keep(kernels.convert(found, ElementType.F64)))
                : new Eigen(
                        made.keep(kernels.uninitialized(0, 1, ElementType.F64)),
                        made.keep(kernels.uninitialized(matrix().rows(), 0, ElementType.F64))));
    }
}
