package org.keeplora.engine;

import java.util.List;

/**
 * The linear algebra of the method, batch-first: every operation takes one problem per site, checks all of them, then hands the
 * batch to the backend. An empty batch does nothing. Matrices returned belong to the caller.
 *
 * <p>Every operand must be finite ({@link NonFiniteInput}) and fit ({@link ShapeMismatch}); nothing is written before all checks
 * of the batch have passed. Thread policy: see the package. Safe for use from several threads; operations run one at a time.
 */
public final class Linalg implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Linalg.class.getName());
    private static final List<String> NO_CUDA = List.of("this version has no CUDA backend yet");

    private final LinalgKernels kernels;

    private Linalg(LinalgKernels kernels) {
        this.kernels = kernels;
    }

    /**
     * Opens a backend with {@code threads} threads.
     *
     * @throws BackendUnavailable when {@code choice} names a backend that cannot be had
     */
    public static Linalg open(BackendChoice choice, int threads) {
        Check.that(threads >= 1, "Linalg.open: %d threads; at least 1 is needed", threads);
        if (choice == BackendChoice.CUDA) {
            throw new BackendUnavailable("cuda", NO_CUDA);
        }
        if (choice == BackendChoice.AUTO) {
            LOG.log(System.Logger.Level.INFO, "linear algebra on cpu: {0}", String.join("; ", NO_CUDA));
        }
        return new Linalg(new CpuKernels(threads));
    }

    /** Name of the backend that computes: "cpu". */
    public String backend() {
        return kernels.name();
    }

    /** Threads this instance computes with. */
    public int threads() {
        return kernels.threads();
    }

    /** target ← alpha · left · right + beta · target, for every product of the batch; all three of one type. */
    public void multiply(List<Product> batch) {
        for (Product p : batch) {
            Check.shapes(
                    p.left().cols() == p.right().rows()
                            && p.target().rows() == p.left().rows()
                            && p.target().cols() == p.right().cols(),
                    "multiply: left is %s, right is %s, target is %s; left's columns must be right's rows, and the target"
                            + " left's rows x right's columns",
                    p.left(),
                    p.right(),
                    p.target());
            sameType("multiply", p.left().matrix(), p.right().matrix());
            sameType("multiply", p.left().matrix(), p.target());
            finite("multiply", "left", p.left().matrix());
            finite("multiply", "right", p.right().matrix());
            if (p.beta() != 0) {
                finite("multiply", "target", p.target());
            }
        }
        kernels.multiply(batch);
    }

    /** Projects every target in place; see {@link Projection} (paper, equation of the residual gradient). */
    public void projectOut(List<Projection> batch) {
        for (Projection p : batch) {
            Check.shapes(
                    p.basis().rows() == p.target().rows(),
                    "projectOut: basis is %s but target is %s; rows must agree (the layer's input width)",
                    p.basis(),
                    p.target());
            sameType("projectOut", p.basis(), p.target());
            finite("projectOut", "basis", p.basis());
            finite("projectOut", "target", p.target());
        }
        kernels.project(batch);
    }

    /**
     * Orthonormal bases [in x (in−k)] of what is orthogonal to the bases [in x k], by Householder reflections; same type.
     *
     * @param bases orthonormal columns, k ≤ in
     */
    public List<Matrix> complement(List<Matrix> bases) {
        bases.forEach(basis -> tallAndFinite("complement", basis));
        return kernels.complement(bases);
    }

    /**
     * gram ← gram + samplesᵀ · samples with float64 products and sums, whatever the samples' type; gram is symmetric to the bit
     * afterwards. Float32 samples are widened block by block, never as a whole copy.
     */
    public void accumulateGram(List<GramUpdate> batch) {
        for (GramUpdate u : batch) {
            Check.shapes(
                    u.gram().type() == ElementType.F64
                            && u.gram().rows() == u.samples().cols()
                            && u.gram().cols() == u.samples().cols(),
                    "accumulateGram: samples are %s but gram is %s; gram must be float64 and square in the samples' columns",
                    u.samples(),
                    u.gram());
            finite("accumulateGram", "samples", u.samples());
            finite("accumulateGram", "gram", u.gram());
        }
        kernels.accumulateGram(batch);
    }

    /** Eigen-decompositions of symmetric matrices [n x n], of which the lower triangle is read; computed in float64. */
    public List<Eigen> eigh(List<Matrix> batch) {
        for (Matrix m : batch) {
            Check.shapes(m.rows() == m.cols(), "eigh: matrix is %s; it must be square and symmetric", m);
            finite("eigh", "matrix", m);
        }
        return kernels.eigh(batch);
    }

    /** Thin singular value decompositions, in the matrices' own precision. */
    public List<Svd> svd(List<Matrix> batch) {
        batch.forEach(m -> finite("svd", "matrix", m));
        return kernels.svd(batch);
    }

    /**
     * The leading singular triples of each matrix, or of its projection, by a seeded, randomised range finder whose work on the matrix is matrix
     * products only; {@link Svd#left} is orthonormal even where the matrix has smaller rank.
     */
    public List<Svd> lowRank(List<LowRank> batch) {
        for (LowRank p : batch) {
            Check.shapes(
                    p.rank() >= 0
                            && p.rank()
                                    <= Math.min(p.matrix().rows(), p.matrix().cols()),
                    "lowRank: rank %d of matrix %s; it must lie between 0 and the smaller side",
                    p.rank(),
                    p.matrix());
            Check.that(
                    p.sketch() >= p.rank() && p.powerIterations() >= 1,
                    "lowRank: sketch %d and %d power iterations for rank %d; the sketch must be at least the rank, the"
                            + " iterations at least 1",
                    p.sketch(),
                    p.powerIterations(),
                    p.rank());
            finite("lowRank", "matrix", p.matrix());
            p.projector().ifPresent(projector -> {
                Check.shapes(
                        projector.basis().rows() == p.matrix().rows(),
                        "lowRank: basis is %s but matrix is %s; rows must agree",
                        projector.basis(),
                        p.matrix());
                sameType("lowRank", projector.basis(), p.matrix());
                finite("lowRank", "basis", projector.basis());
            });
        }
        return kernels.lowRank(batch);
    }

    /** Makes the columns of each matrix [m x n], n ≤ m, orthonormal in place; their span contains the former span, and
     * independent columns are not turned around. */
    public void orthonormalize(List<Matrix> batch) {
        batch.forEach(m -> tallAndFinite("orthonormalize", m));
        kernels.orthonormalize(batch);
    }

    /**
     * For every spectrum the smallest p ≥ 0 with covered + Σ_{i≤p} energies_i ≥ share · total; all energies where none reaches
     * it.
     */
    public int[] energyRank(List<Spectrum> batch) {
        return batch.stream().mapToInt(Linalg::energyRank).toArray();
    }

    private static int energyRank(Spectrum s) {
        Check.that(s.share() >= 0 && s.share() <= 1, "energyRank: share is %s; it must lie in [0, 1]", s.share());
        double sum = s.covered();
        int rank = 0;
        while (rank < s.energies().length && sum < s.share() * s.total()) {
            sum += s.energies()[rank++];
        }
        return rank;
    }

    /** target ← target + factor · term, for every addition of the batch. */
    public void add(List<Addition> batch) {
        for (Addition a : batch) {
            Check.shapes(
                    a.term().rows() == a.target().rows()
                            && a.term().cols() == a.target().cols(),
                    "add: term is %s but target is %s; shapes must agree",
                    a.term(),
                    a.target());
            sameType("add", a.term(), a.target());
            finite("add", "term", a.term());
        }
        kernels.add(batch);
    }

    /** Frobenius norm ‖matrix‖. */
    public double norm(Matrix matrix) {
        finite("norm", "matrix", matrix);
        return kernels.norm(matrix);
    }

    /** A new matrix of {@code count} columns from column {@code first} on. */
    public Matrix columns(Matrix matrix, int first, int count) {
        Check.shapes(
                first >= 0 && count >= 0 && first + count <= matrix.cols(),
                "columns: columns %d to %d of %s; the matrix must have them",
                first,
                first + count,
                matrix);
        return kernels.columns(matrix, first, count);
    }

    /** A new matrix with the columns of {@code left}, then those of {@code right}; same rows and type. */
    public Matrix concatColumns(Matrix left, Matrix right) {
        Check.shapes(
                left.rows() == right.rows(), "concatColumns: left is %s but right is %s; rows must agree", left, right);
        sameType("concatColumns", left, right);
        return kernels.concatColumns(left, right);
    }

    /** A new matrix, transposed. */
    public Matrix transpose(Matrix matrix) {
        return kernels.transpose(matrix);
    }

    /** A new matrix of type {@code type}, rounded where that is narrower. */
    public Matrix convert(Matrix matrix, ElementType type) {
        return kernels.convert(matrix, type);
    }

    private void tallAndFinite(String operation, Matrix matrix) {
        Check.shapes(
                matrix.cols() <= matrix.rows(),
                "%s: matrix is %s; it must not have more columns than rows",
                operation,
                matrix);
        finite(operation, "matrix", matrix);
    }

    private void finite(String operation, String operand, Matrix matrix) {
        if (!kernels.isFinite(matrix)) {
            throw new NonFiniteInput(operation, operand, matrix);
        }
    }

    private static void sameType(String operation, Matrix one, Matrix other) {
        Check.shapes(one.type() == other.type(), "%s: operands are %s and %s; types must agree", operation, one, other);
    }

    /** Stops the backend's threads. */
    @Override
    public void close() {
        kernels.close();
    }
}
