package org.keeplora.engine;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/**
 * The linear algebra of the method, batch-first: every operation takes one problem per site, checks all of them, then
 * hands the batch to the backend. An empty batch does nothing. Returned matrices belong to the caller.
 *
 * <p>Every operand must lie where the backend computes ({@link #place}), be finite ({@link NonFiniteInput}) and fit
 * ({@link ShapeMismatch}). One that is written shares no memory with another operand of the batch. Nothing is written
 * before all checks of the batch have passed. A method that fails leaves nothing open.
 *
 * <p>The package documents the number of threads used. Safe for use from several threads, if no thread writes a matrix
 * that another uses. After {@link #close} every method is an {@link IllegalStateException}. On the host operations run
 * beside each other, except one large decomposition, which waits until it is alone. On a GPU they run one at a time.
 */
public final class Linalg implements AutoCloseable {
    final OpenKernels kernels;

    Linalg(LinalgKernels kernels) {
        this.kernels = new OpenKernels(kernels);
    }

    /**
     * Opens a backend with {@code threads} threads.
     *
     * @param threads 1 to 64, or to the number of the machine's processors if that is more
     * @throws NativeLibraryProblem when the jars with native libraries are missing or do not fit
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
        List<String> obstacles = NativeLibraries.obstacle().stream().toList();
        CudaSurvey survey = CudaSurvey.ofThisMachine();
        return List.of(
                new BackendReport("cpu", obstacles.isEmpty() ? CpuBlas.facts() : List.of(), obstacles),
                new BackendReport("cuda", survey.facts(), survey.obstacles()));
    }

    /** Name of the backend: "cpu", "cuda", or "cuda (emulated)" in tests. */
    public String backend() {
        return kernels.use("backend", LinalgKernels::name);
    }

    /** Number of threads this instance computes with. */
    public int threads() {
        return kernels.use("threads", LinalgKernels::threads);
    }

    /** Where operands must lie and where results lie. */
    public Place place() {
        return kernels.use("place", LinalgKernels::place);
    }

    /** A matrix of zeros where this backend computes; the caller closes it. */
    public Matrix zeros(int rows, int cols, ElementType type) {
        return kernels.use("zeros", open -> {
            Check.size("zeros", rows, cols, type);
            return open.uninitialized(rows, cols, type).cleared();
        });
    }

    /**
     * The caller's memory as a matrix, without a copy.
     *
     * @param values rows · cols elements where this backend computes; must outlive the matrix
     */
    public Matrix wrap(int rows, int cols, FloatPointer values) {
        return wrap(rows, cols, ElementType.F32, values);
    }

    /** As {@link #wrap(int, int, FloatPointer)}. */
    public Matrix wrap(int rows, int cols, DoublePointer values) {
        return wrap(rows, cols, ElementType.F64, values);
    }

    /** As {@link #wrap(int, int, FloatPointer)}, for half-precision samples. */
    public Matrix wrap(int rows, int cols, ShortPointer values, ElementType type) {
        return kernels.use("wrap", open -> {
            Check.half(type);
            return wrap(rows, cols, type, values);
        });
    }

    private Matrix wrap(int rows, int cols, ElementType type, Pointer values) {
        return kernels.use("wrap", open -> {
            Check.memory("wrap", rows, cols, values);
            return open.wrap(rows, cols, type, type.fromPosition(values));
        });
    }

    /** A copy, where this backend computes, of a matrix that lies there or on the host; the caller closes it. */
    public Matrix copyOf(Matrix matrix) {
        return kernels.use("copyOf", open -> {
            Objects.requireNonNull(matrix, "copyOf: matrix is null").requireOpen("copyOf", "matrix");
            if (matrix.place() == open.place()) {
                return open.convert(matrix, matrix.type());
            }
            Check.that(matrix.place() == Place.HOST, "copyOf: matrix %s lies on a device; copy its toHost()", matrix);
            return open.uninitialized(matrix.rows(), matrix.cols(), matrix.type())
                    .writtenFrom(matrix);
        });
    }

    /**
     * The matrix itself if it lies where this backend computes. Otherwise a copy there, and the matrix is closed, also
     * if copying fails.
     */
    public Matrix adopt(Matrix matrix) {
        return kernels.use("adopt", open -> {
            Objects.requireNonNull(matrix, "adopt: matrix is null").requireOpen("adopt", "matrix");
            if (matrix.place() == open.place()) {
                return matrix;
            }
            try (matrix) {
                return copyOf(matrix);
            }
        });
    }

    /** target ← alpha · left · right + beta · target, for every product of the batch; all three of one type. */
    public void multiply(List<Product> batch) {
        kernels.run("multiply", batch, Product::require, LinalgKernels::multiply);
    }

    /** Projects every target in place; see {@link Projection} (paper, equation of the residual gradient). */
    public void projectOut(List<Projection> batch) {
        kernels.run("projectOut", batch, Projection::require, LinalgKernels::project);
    }

    /**
     * Orthonormal bases [in x (in−k)] of the orthogonal complements of the bases [in x k], of the same type, by
     * Householder reflections.
     *
     * @param bases orthonormal columns, k ≤ in
     */
    public List<Matrix> complement(List<Matrix> bases) {
        return kernels.compute("complement", bases, SingleOperand::tall, LinalgKernels::complement);
    }

    /**
     * gram ← gram + samplesᵀ · samples with float64 products and sums for every type of samples. Afterwards gram is
     * symmetric to the bit. Narrower samples, also half precision, are widened block by block, never as a whole copy.
     */
    public void accumulateGram(List<GramUpdate> batch) {
        kernels.run("accumulateGram", batch, GramUpdate::require, LinalgKernels::accumulateGram);
    }

    /** Eigen-decompositions of {@link #requireSymmetric symmetric} matrices [n x n], computed in float64. */
    public List<Eigen> eigh(List<Matrix> batch) {
        return kernels.compute("eigh", batch, SingleOperand::square, (open, matrices) -> {
            SingleOperand.requireSymmetric("eigh: matrix", matrices, open);
            return open.eigh(matrices);
        });
    }

    /**
     * Requires that each matrix is square, finite and symmetric up to rounding.
     *
     * @param name of the operation and its operand, for the message
     * @throws IllegalArgumentException naming the largest difference of a matrix from its transpose
     */
    public void requireSymmetric(String name, List<Matrix> batch) {
        kernels.run(
                "requireSymmetric",
                batch,
                SingleOperand::square,
                (open, matrices) -> SingleOperand.requireSymmetric(name, matrices, open));
    }

    /** Thin singular value decompositions, in the matrices' own precision. */
    public List<Svd> svd(List<Matrix> batch) {
        return kernels.compute("svd", batch, SingleOperand::decomposed, LinalgKernels::svd);
    }

    /**
     * The leading singular triples of each matrix, or of its projection, by a seeded, randomised range finder that uses
     * only matrix products with the matrix. {@link LowRankFactors#left} is orthonormal even if the matrix has smaller
     * rank.
     */
    public List<LowRankFactors> lowRank(List<LowRank> batch) {
        return kernels.compute("lowRank", batch, LowRank::require, LinalgKernels::lowRank);
    }

    /**
     * Makes the columns of each matrix [m x n], n ≤ m, orthonormal in place. The new span contains the former one;
     * independent columns do not change their sign.
     */
    public void orthonormalize(List<Matrix> batch) {
        kernels.run("orthonormalize", batch, SingleOperand::orthonormalized, LinalgKernels::orthonormalize);
    }

    /**
     * For every spectrum the smallest rank p ≥ 0 with covered + Σ_{i≤p} energies_i ≥ share · total. Here covered is the
     * total minus the sum of all energies. All energies if none reaches it; none if the total is 0.
     */
    public List<EnergyRank> energyRanks(List<Spectrum> batch) {
        return kernels.compute("energyRanks", batch, Spectrum::require, LinalgKernels::energyRanks);
    }

    /** target ← target + factor · term, for every addition of the batch. */
    public void add(List<Addition> batch) {
        kernels.run("add", batch, Addition::require, LinalgKernels::add);
    }

    /** Frobenius norm ‖matrix‖ of each matrix. */
    public double[] norms(List<Matrix> batch) {
        return kernels.compute("norms", batch, SingleOperand::finite, LinalgKernels::norms);
    }

    /** Largest magnitude of an element of each matrix, 0 for an empty matrix. */
    public double[] largestMagnitudes(List<Matrix> batch) {
        return kernels.compute("largestMagnitudes", batch, SingleOperand::finite, LinalgKernels::largestMagnitudes);
    }

    /** A new matrix of {@code count} columns from column {@code first} on. */
    public Matrix columns(Matrix matrix, int first, int count) {
        return kernels.use("columns", open -> {
            SingleOperand.columns(matrix, first, count, new OperandCheck("columns", open));
            return open.columns(matrix, first, count);
        });
    }

    /** A new matrix with the columns of {@code left}, then those of {@code right}; same rows and type. */
    public Matrix concatColumns(Matrix left, Matrix right) {
        return kernels.use("concatColumns", open -> {
            new OperandCheck("concatColumns", open).placed("left", left).placed("right", right);
            Check.shapes(
                    left.rows() == right.rows(),
                    "concatColumns: left is %s but right is %s; rows must agree",
                    left,
                    right);
            Check.sameType("concatColumns", left, right);
            return open.concatColumns(left, right);
        });
    }

    /** A new, transposed matrix. */
    public Matrix transpose(Matrix matrix) {
        return kernels.use("transpose", open -> {
            new OperandCheck("transpose", open).placed("matrix", matrix);
            return open.transpose(matrix);
        });
    }

    /**
     * A new matrix of type {@code type}; rounded if the type is narrower.
     *
     * @param type float32 or float64
     */
    public Matrix convert(Matrix matrix, ElementType type) {
        return kernels.use("convert", open -> {
            Objects.requireNonNull(type, "convert: type is null");
            Check.that(!type.isHalf(), "convert: target type is %s; it must be F32 or F64", type);
            new OperandCheck("convert", open).anyType("matrix", matrix);
            return open.convert(matrix, type);
        });
    }

    /**
     * Frees the resources of the backend, after the operations that other threads are computing. Closing twice is
     * harmless.
     */
    @Override
    public void close() {
        kernels.close();
    }
}
