package org.keeplora.engine;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.EnergyRank;
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

    CheckedLinalg(LinalgKernels kernels) {
        this.kernels = new OpenKernels(kernels);
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
                return open.convert(matrix, matrix.type());
            }
            if (matrix.place() == open.place()) {
                try (Matrix lent =
                        open.wrap(matrix.rows(), matrix.cols(), matrix.type(), matrix.address(), matrix.stream())) {
                    return open.convert(lent, matrix.type());
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
        kernels.run("multiply", batch, ProblemOperands::product, LinalgKernels::multiply);
    }

    @Override
    public void projectOut(List<Projection> batch) {
        kernels.run("projectOut", batch, ProblemOperands::projection, LinalgKernels::projectOut);
    }

    @Override
    public List<Matrix> complement(List<Matrix> bases) {
        return kernels.compute("complement", bases, SingleOperand::tall, LinalgKernels::complement);
    }

    @Override
    public void accumulateGram(List<GramUpdate> batch) {
        kernels.run("accumulateGram", batch, ProblemOperands::gramUpdate, LinalgKernels::accumulateGram);
    }

    @Override
    public void mirror(List<Matrix> batch) {
        kernels.run("mirror", batch, SingleOperand::mirrored, LinalgKernels::mirror);
    }

    @Override
    public List<Eigen> eigh(List<Matrix> batch) {
        return kernels.compute("eigh", batch, SingleOperand::square, LinalgKernels::eigh);
    }

    @Override
    public List<Eigen> leadingEigh(List<LeadingEigen> batch) {
        return kernels.compute("leadingEigh", batch, ProblemOperands::leadingEigen, LinalgKernels::leadingEigh);
    }

    @Override
    public double[] requireSymmetric(String name, List<Matrix> batch) {
        return kernels.compute(
                "requireSymmetric",
                batch,
                SingleOperand::square,
                (open, matrices) -> SingleOperand.requireSymmetric(name, matrices, open));
    }

    @Override
    public List<Svd> svd(List<Matrix> batch) {
        return kernels.compute("svd", batch, SingleOperand::decomposed, LinalgKernels::svd);
    }

    @Override
    public List<LowRankFactors> lowRank(List<LowRank> batch) {
        return kernels.compute("lowRank", batch, ProblemOperands::lowRank, LinalgKernels::lowRank);
    }

    @Override
    public void orthonormalize(List<Matrix> batch) {
        kernels.run("orthonormalize", batch, SingleOperand::orthonormalized, LinalgKernels::orthonormalize);
    }

    @Override
    public List<EnergyRank> energyRanks(List<Spectrum> batch) {
        return kernels.compute("energyRanks", batch, ProblemOperands::spectrum, LinalgKernels::energyRanks);
    }

    @Override
    public void add(List<Addition> batch) {
        kernels.run("add", batch, ProblemOperands::addition, LinalgKernels::add);
    }

    @Override
    public double[] traces(List<Matrix> batch) {
        return kernels.compute("traces", batch, SingleOperand::squareDoubles, LinalgKernels::traces);
    }

    @Override
    public List<double[]> toHost(List<Matrix> batch) {
        return kernels.compute("toHost", batch, SingleOperand::doubles, LinalgKernels::toHost);
    }

    @Override
    public double[] norms(List<Matrix> batch) {
        return kernels.compute("norms", batch, SingleOperand::finite, LinalgKernels::norms);
    }

    @Override
    public double[] largestMagnitudes(List<Matrix> batch) {
        return kernels.compute("largestMagnitudes", batch, SingleOperand::finite, LinalgKernels::largestMagnitudes);
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
    public Matrix columns(Matrix matrix, int first, int count) {
        return kernels.use("columns", open -> {
            SingleOperand.columns(matrix, first, count, new OperandCheck("columns", open));
            return open.columns(matrix, first, count);
        });
    }

    @Override
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

    @Override
    public Matrix transpose(Matrix matrix) {
        return kernels.use("transpose", open -> {
            new OperandCheck("transpose", open).placed("matrix", matrix);
            return open.transpose(matrix);
        });
    }

    @Override
    public Matrix convert(Matrix matrix, ElementType type) {
        return kernels.use("convert", open -> {
            Objects.requireNonNull(type, "convert: type is null");
            Require.that(!type.isHalf(), "convert: target type is %s; it must be F32 or F64", type);
            new OperandCheck("convert", open).anyType("matrix", matrix);
            return open.convert(matrix, type);
        });
    }

    @Override
    public void close() {
        kernels.close();
    }
}
