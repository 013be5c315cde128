package org.keeplora.engine;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.Assembly;
import org.keeplora.engine.internal.Assembly.Columns;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.EnergyRank;
import org.keeplora.engine.internal.Factors;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.LeadingEigen;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.LowRankFactors;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Require;
import org.keeplora.engine.internal.Spectrum;
import org.keeplora.engine.internal.Svd;

/** Checks every argument once and hands batches of problems to a backend. */
final class CheckedLinalg implements BatchLinalg {
    final OpenKernels kernels;
    private final boolean trusting;

    CheckedLinalg(LinalgKernels kernels) {
        this(new OpenKernels(kernels), false);
    }

    private CheckedLinalg(OpenKernels kernels, boolean trusting) {
        this.kernels = kernels;
        this.trusting = trusting;
    }

    @Override
    public BatchLinalg trusting() {
        return kernels.use("trusting", open -> new CheckedLinalg(kernels, true));
    }

    /** As {@link #compute}, without a result. */
    private <P> void run(
            String operation,
            List<P> batch,
            BiConsumer<P, OperandCheck> require,
            BiConsumer<LinalgKernels, List<P>> computation) {
        compute(operation, batch, require, (open, problems) -> {
            computation.accept(open, problems);
            return null;
        });
    }

    /**
     * Checks a batch, then computes it.
     *
     * @param require checks a problem and adds its operands
     */
    private <P, R> R compute(
            String operation,
            List<P> batch,
            BiConsumer<P, OperandCheck> require,
            BiFunction<LinalgKernels, List<P>, R> computation) {
        return kernels.use(operation, open -> {
            new OperandCheck(operation, open, !trusting).requireAll(batch, require);
            return computation.apply(open, batch);
        });
    }

    @Override
    public String backend() {
        return kernels.use("backend", LinalgKernels::name);
    }

    @Override
    public int threads() {
        return kernels.use("threads", LinalgKernels::threads);
    }

    @Override
    public Place place() {
        return kernels.use("place", LinalgKernels::place);
    }

    @Override
    public OptionalLong stream() {
        return kernels.use("stream", LinalgKernels::stream);
    }

    @Override
    public Matrix zeros(int rows, int cols, ElementType type) {
        return kernels.use("zeros", open -> {
            Check.size("zeros", rows, cols, type);
            return open.uninitialized(rows, cols, type).cleared();
        });
    }

    @Override
    public Matrix wrap(int rows, int cols, FloatPointer values) {
        return wrap(rows, cols, ElementType.F32, values, OptionalLong.empty());
    }

    @Override
    public Matrix wrap(int rows, int cols, DoublePointer values) {
        return wrap(rows, cols, ElementType.F64, values, OptionalLong.empty());
    }

    @Override
    public Matrix wrap(int rows, int cols, ShortPointer values, ElementType type) {
        return kernels.use("wrap", open -> {
            Check.half(type);
            return wrap(rows, cols, type, values, OptionalLong.empty());
        });
    }

    @Override
    public Matrix wrap(int rows, int cols, ElementType type, Pointer values, long stream) {
        return kernels.use("wrap", open -> {
            Require.that(
                    open.place() == Place.DEVICE, "wrap: %s computes on the host, which has no streams", open.name());
            Check.elements("wrap", type, values);
            return wrap(rows, cols, type, values, OptionalLong.of(stream));
        });
    }

    private Matrix wrap(int rows, int cols, ElementType type, Pointer values, OptionalLong lender) {
        return kernels.use("wrap", open -> {
            Check.memory("wrap", rows, cols, values);
            return open.wrap(rows, cols, type, type.fromPosition(values), lender);
        });
    }

    @Override
    public Matrix copyOf(Matrix matrix) {
        return kernels.use("copyOf", open -> {
            Objects.requireNonNull(matrix, "copyOf: matrix is null").requireOpen("copyOf", "matrix");
            if (isOwn(matrix, open)) {
                return open.assemble(Assembly.of(matrix.type(), matrix));
            }
            if (matrix.place() == open.place()) {
                try (Matrix lent =
                        open.wrap(matrix.rows(), matrix.cols(), matrix.type(), matrix.address(), matrix.stream())) {
                    return open.assemble(Assembly.of(lent.type(), lent));
                }
            }
            Require.that(matrix.place() == Place.HOST, "copyOf: matrix %s lies on a device; copy its toHost()", matrix);
            return open.uninitialized(matrix.rows(), matrix.cols(), matrix.type())
                    .writtenFrom(matrix);
        });
    }

    /** The matrix lies where the kernels compute and, on a GPU, is used in the order of their stream. */
    private static boolean isOwn(Matrix matrix, LinalgKernels kernels) {
        return matrix.stream().equals(kernels.stream());
    }

    @Override
    public Matrix adopt(Matrix matrix) {
        return kernels.use("adopt", open -> {
            Objects.requireNonNull(matrix, "adopt: matrix is null").requireOpen("adopt", "matrix");
            if (isOwn(matrix, open)) {
                return matrix;
            }
            try (matrix) {
                return copyOf(matrix);
            }
        });
    }

    @Override
    public void multiply(List<Product> batch) {
        run("multiply", batch, ProblemOperands::product, LinalgKernels::multiply);
    }

    @Override
    public List<Matrix> products(List<Factors> batch) {
        return compute("products", batch, ProblemOperands::factors, LinalgKernels::products);
    }

    @Override
    public void projectOut(List<Projection> batch) {
        run("projectOut", batch, ProblemOperands::projection, LinalgKernels::projectOut);
    }

    @Override
    public List<Matrix> complement(List<Matrix> bases) {
        return compute("complement", bases, SingleOperand::tall, LinalgKernels::complement);
    }

    @Override
    public void accumulateGram(List<GramUpdate> batch) {
        run("accumulateGram", batch, ProblemOperands::gramUpdate, LinalgKernels::accumulateGram);
    }

    @Override
    public void mirror(List<Matrix> batch) {
        run("mirror", batch, SingleOperand::mirrored, LinalgKernels::mirror);
    }

    @Override
    public void addTransposes(List<Matrix> squares) {
        run("addTransposes", squares, SingleOperand::addedToTranspose, LinalgKernels::addTransposes);
    }

    @Override
    public List<Eigen> eigh(List<Matrix> batch) {
        return compute("eigh", batch, SingleOperand::square, LinalgKernels::eigh);
    }

    @Override
    public List<Eigen> leadingEigh(List<LeadingEigen> batch) {
        return compute("leadingEigh", batch, ProblemOperands::leadingEigen, LinalgKernels::leadingEigh);
    }

    @Override
    public double[] requireSymmetric(String name, List<Matrix> batch) {
        return compute(
                "requireSymmetric",
                batch,
                SingleOperand::square,
                (open, matrices) -> SingleOperand.requireSymmetric(name, matrices, open));
    }

    @Override
    public List<Svd> svd(List<Matrix> batch) {
        return compute("svd", batch, SingleOperand::decomposed, LinalgKernels::svd);
    }

    @Override
    public List<LowRankFactors> lowRank(List<LowRank> batch) {
        return compute("lowRank", batch, ProblemOperands::lowRank, LinalgKernels::lowRank);
    }

    @Override
    public void orthonormalize(List<Matrix> batch) {
        run("orthonormalize", batch, SingleOperand::orthonormalized, LinalgKernels::orthonormalize);
    }

    @Override
    public List<EnergyRank> energyRanks(List<Spectrum> batch) {
        return compute("energyRanks", batch, ProblemOperands::spectrum, LinalgKernels::energyRanks);
    }

    @Override
    public void add(List<Addition> batch) {
        run("add", batch, ProblemOperands::addition, LinalgKernels::add);
    }

    @Override
    public double[] traces(List<Matrix> batch) {
        return compute("traces", batch, SingleOperand::squareDoubles, LinalgKernels::traces);
    }

    @Override
    public List<double[]> toHost(List<Matrix> batch) {
        return compute("toHost", batch, SingleOperand::doubles, LinalgKernels::toHost);
    }

    @Override
    public double[] norms(List<Matrix> batch) {
        return compute("norms", batch, SingleOperand::finite, LinalgKernels::norms);
    }

    @Override
    public double[] largestMagnitudes(List<Matrix> batch) {
        return compute("largestMagnitudes", batch, SingleOperand::finite, LinalgKernels::largestMagnitudes);
    }

    @Override
    public Matrix reshaped(Matrix matrix, int rows, int cols) {
        return kernels.use("reshaped", open -> {
            new OperandCheck("reshaped", open).placed("matrix", matrix);
            Check.shapes(
                    (long) rows * cols == matrix.elements(),
                    "reshaped: matrix is %s; as [%d x %d] it would have another number of elements",
                    matrix,
                    rows,
                    cols);
            return open.wrap(rows, cols, matrix.type(), matrix.address(), open.stream());
        });
    }

    @Override
    public List<Matrix> assemble(List<Assembly> batch) {
        return compute("assemble", batch, ProblemOperands::assembly, LinalgKernels::assemble);
    }

    @Override
    public Matrix columns(Matrix matrix, int first, int count) {
        return kernels.use("columns", open -> {
            SingleOperand.columns(matrix, first, count, new OperandCheck("columns", open).placed("matrix", matrix));
            return open.assemble(Assembly.of(matrix.type(), new Columns(matrix, first, count)));
        });
    }

    @Override
    public Matrix transpose(Matrix matrix) {
        return kernels.use("transpose", open -> {
            new OperandCheck("transpose", open).placed("matrix", matrix);
            return open.transpose(matrix);
        });
    }

    @Override
    public Matrix convert(Matrix matrix, ElementType type) {
        return convert(Collections.singletonList(matrix), type).get(0);
    }

    @Override
    public List<Matrix> convert(List<Matrix> batch, ElementType type) {
        return compute("convert", batch, (matrix, operands) -> operands.anyType("matrix", matrix), (open, matrices) -> {
            Objects.requireNonNull(type, "convert: type is null");
            Require.that(!type.isHalf(), "convert: target type is %s; it must be F32 or F64", type);
            return open.assemble(
                    matrices.stream().map(matrix -> Assembly.of(type, matrix)).toList());
        });
    }

    @Override
    public void close() {
        kernels.close();
    }
}
