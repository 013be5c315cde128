package org.keeplora.engine;

import java.util.List;
import java.util.OptionalLong;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.ShortPointer;

/**
 * The linear algebra of the method, batch-first: every operation takes one problem per site, checks all of them, then
 * hands the batch to the backend. An empty batch does nothing. Returned matrices belong to the caller.
 *
 * <p>Every operand must lie where the backend computes ({@link #place}), be finite ({@link NonFiniteInput}) and fit
 * ({@link ShapeMismatch}). Nothing is written before all checks of the batch have passed.
 *
 * <p>The package documents the number of threads used. Safe for use from several threads, if no thread writes a matrix
 * that another uses and none closes this object before the others have finished. On the host their operations run beside
 * each other, except one large decomposition, which waits until it is alone. On a GPU they run one at a time.
 */
public final class Linalg implements AutoCloseable {
    private final LinalgKernels kernels;

    Linalg(LinalgKernels kernels) {
        this.kernels = kernels;
    }

    /**
     * Opens a backend with {@code threads} threads.
     *
     * @throws BackendUnavailable when {@code choice} names a backend that is not available
     */
    public static Linalg open(BackendChoice choice, int threads) {
        return new Linalg(choice.open(threads, OptionalLong.empty()));
    }

    /**
     * As {@link #open(BackendChoice, int)}, with CUDA on the caller's stream. Work runs in stream order with the
     * caller's, before and after, without waiting.
     *
     * @param stream address of a stream on the first GPU, which must outlive this object; 0 is CUDA's default stream
     */
    public static Linalg open(BackendChoice choice, int threads, long stream) {
        return new Linalg(choice.open(threads, OptionalLong.of(stream)));
    }

    /** The state of every backend on this machine. The first call looks for CUDA in a separate process. */
    public static List<BackendReport> backends() {
        CudaSurvey survey = CudaSurvey.ofThisMachine();
        return List.of(
                new BackendReport("cpu", CpuBlas.facts(), List.of()),
                new BackendReport("cuda", survey.facts(), survey.obstacles()));
    }

    /** Name of the backend: "cpu", "cuda", or "cuda (emulated)" in tests. */
    public String backend() {
        return kernels.name();
    }

    /** Number of threads this instance computes with. */
    public int threads() {
        return kernels.threads();
    }

    /** Where operands must lie and where results lie. */
    public Place place() {
        return kernels.place();
    }

    /** A matrix of zeros where this backend computes; the caller closes it. */
    public Matrix zeros(int rows, int cols, ElementType type) {
        return uninitialized(rows, cols, type).cleared();
    }

    private Matrix uninitialized(int rows, int cols, ElementType type) {
        Matrix.requireNotNegative(rows, cols);
        return kernels.uninitialized(rows, cols, type);
    }

    /**
     * The caller's memory as a matrix, without a copy.
     *
     * @param values rows · cols elements where this backend computes; must outlive the matrix
     */
    public Matrix wrap(int rows, int cols, FloatPointer values) {
        Matrix.requireLength(rows, cols, values.limit() - values.position());
        return kernels.wrap(rows, cols, ElementType.F32, values);
    }

    /** As {@link #wrap(int, int, FloatPointer)}. */
    public Matrix wrap(int rows, int cols, DoublePointer values) {
        Matrix.requireLength(rows, cols, values.limit() - values.position());
        return kernels.wrap(rows, cols, ElementType.F64, values);
    }

    /** As {@link #wrap(int, int, FloatPointer)}, for half-precision samples. */
    public Matrix wrap(int rows, int cols, ShortPointer values, ElementType type) {
        Matrix.requireHalf(type);
        Matrix.requireLength(rows, cols, values.limit() - values.position());
        return kernels.wrap(rows, cols, type, values);
    }

    /** A copy, where this backend computes, of a matrix that lies there or on the host; the caller closes it. */
    public Matrix copyOf(Matrix matrix) {
        if (matrix.place() == kernels.place()) {
            return kernels.convert(matrix, matrix.type());
        }
        Check.that(matrix.place() == Place.HOST, "copyOf: matrix %s lies on a device; copy its toHost()", matrix);
        return uninitialized(matrix.rows(), matrix.cols(), matrix.type()).writtenFrom(matrix);
    }

    /** The matrix itself if it lies where this backend computes. Otherwise a copy there, and the matrix is closed. */
    public Matrix adopt(Matrix matrix) {
        if (matrix.place() == kernels.place()) {
            return matrix;
        }
        try (matrix) {
            return copyOf(matrix);
        }
    }

    /** target ← alpha · left · right + beta · target, for every product of the batch; all three of one type. */
    public void multiply(List<Product> batch) {
        OperandCheck operands = new OperandCheck("multiply", kernels);
        batch.forEach(product -> product.require(operands));
        operands.requireFinite();
        kernels.multiply(batch);
    }

    /** Projects every target in place; see {@link Projection} (paper, equation of the residual gradient). */
    public void projectOut(List<Projection> batch) {
        OperandCheck operands = new OperandCheck("projectOut", kernels);
        batch.forEach(projection -> projection.require(operands));
        operands.requireFinite();
        kernels.project(batch);
    }

    /**
     * Orthonormal bases [in x (in−k)] of the orthogonal complements of the bases [in x k], of the same type, by
     * Householder reflections.
     *
     * @param bases orthonormal columns, k ≤ in
     */
    public List<Matrix> complement(List<Matrix> bases) {
        tallAndFinite("complement", bases);
        return kernels.complement(bases);
    }

    /**
     * gram ← gram + samplesᵀ · samples with float64 products and sums for every type of samples. Afterwards gram is
     * symmetric to the bit. Narrower samples, also half precision, are widened block by block, never as a whole copy.
     */
    public void accumulateGram(List<GramUpdate> batch) {
        OperandCheck operands = new OperandCheck("accumulateGram", kernels);
        batch.forEach(update -> update.require(operands));
        operands.requireFinite();
        kernels.accumulateGram(batch);
    }

    /** Eigen-decompositions of symmetric matrices [n x n]; reads the lower triangles and computes in float64. */
    public List<Eigen> eigh(List<Matrix> batch) {
        OperandCheck operands = new OperandCheck("eigh", kernels);
        for (Matrix m : batch) {
            Check.shapes(m.rows() == m.cols(), "eigh: matrix is %s; it must be square and symmetric", m);
            operands.read("matrix", m);
        }
        operands.requireFinite();
        return kernels.eigh(batch);
    }

    /** Thin singular value decompositions, in the matrices' own precision. */
    public List<Svd> svd(List<Matrix> batch) {
        finite("svd", batch);
        return kernels.svd(batch);
    }

    /**
     * The leading singular triples of each matrix, or of its projection, by a seeded, randomised range finder that uses
     * only matrix products with the matrix. {@link LowRankFactors#left} is orthonormal even if the matrix has smaller
     * rank.
     */
    public List<LowRankFactors> lowRank(List<LowRank> batch) {
        OperandCheck operands = new OperandCheck("lowRank", kernels);
        batch.forEach(problem -> problem.require(operands));
        operands.requireFinite();
        return kernels.lowRank(batch);
    }

    /**
     * Makes the columns of each matrix [m x n], n ≤ m, orthonormal in place. The new span contains the former one;
     * independent columns do not change their sign.
     */
    public void orthonormalize(List<Matrix> batch) {
        tallAndFinite("orthonormalize", batch);
        kernels.orthonormalize(batch);
    }

    /**
     * For every spectrum the smallest rank p ≥ 0 with covered + Σ_{i≤p} energies_i ≥ share · total. Here covered is the
     * total minus the sum of all energies. All energies if none reaches it; none if the total is 0.
     */
    public List<EnergyRank> energyRanks(List<Spectrum> batch) {
        OperandCheck operands = new OperandCheck("energyRanks", kernels);
        batch.forEach(spectrum -> spectrum.require(operands));
        operands.requireFinite();
        return kernels.energyRanks(batch);
    }

    /** target ← target + factor · term, for every addition of the batch. */
    public void add(List<Addition> batch) {
        OperandCheck operands = new OperandCheck("add", kernels);
        batch.forEach(addition -> addition.require(operands));
        operands.requireFinite();
        kernels.add(batch);
    }

    /** Frobenius norm ‖matrix‖ of each matrix. */
    public double[] norms(List<Matrix> batch) {
        finite("norms", batch);
        return kernels.norms(batch);
    }

    /** Largest magnitude of an element of each matrix, 0 for an empty matrix. */
    public double[] largestMagnitudes(List<Matrix> batch) {
        finite("largestMagnitudes", batch);
        return kernels.largestMagnitudes(batch);
    }

    /** A new matrix of {@code count} columns from column {@code first} on. */
    public Matrix columns(Matrix matrix, int first, int count) {
        Check.shapes(
                first >= 0 && count >= 0 && first + count <= matrix.cols(),
                "columns: columns %d to %d of %s; the matrix must have them",
                first,
                first + count,
                matrix);
        new OperandCheck("columns", kernels).written("matrix", matrix);
        return kernels.columns(matrix, first, count);
    }

    /** A new matrix with the columns of {@code left}, then those of {@code right}; same rows and type. */
    public Matrix concatColumns(Matrix left, Matrix right) {
        Check.shapes(
                left.rows() == right.rows(), "concatColumns: left is %s but right is %s; rows must agree", left, right);
        Check.sameType("concatColumns", left, right);
        new OperandCheck("concatColumns", kernels).written("left", left).written("right", right);
        return kernels.concatColumns(left, right);
    }

    /** A new, transposed matrix. */
    public Matrix transpose(Matrix matrix) {
        new OperandCheck("transpose", kernels).written("matrix", matrix);
        return kernels.transpose(matrix);
    }

    /**
     * A new matrix of type {@code type}; rounded if the type is narrower.
     *
     * @param type float32 or float64
     */
    public Matrix convert(Matrix matrix, ElementType type) {
        Check.that(!type.isHalf(), "convert: target type is %s; it must be F32 or F64", type);
        new OperandCheck("convert", kernels).inPlace("matrix", matrix);
        return kernels.convert(matrix, type);
    }

    private void tallAndFinite(String operation, List<Matrix> batch) {
        batch.forEach(matrix -> Check.shapes(
                matrix.cols() <= matrix.rows(),
                "%s: matrix is %s; it must not have more columns than rows",
                operation,
                matrix));
        finite(operation, batch);
    }

    private void finite(String operation, List<Matrix> batch) {
        OperandCheck operands = new OperandCheck(operation, kernels);
        batch.forEach(matrix -> operands.read("matrix", matrix));
        operands.requireFinite();
    }

    /** Frees the resources of the backend. */
    @Override
    public void close() {
        kernels.close();
    }
}
