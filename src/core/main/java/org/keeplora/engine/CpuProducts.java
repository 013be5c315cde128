package org.keeplora.engine;

import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.keeplora.engine.internal.Factors;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Projector;

/**
 * Matrix products on OpenBLAS. A large product is cut into one slice for each thread. The slices depend on its sizes
 * and the number of threads only.
 *
 * <p>OpenBLAS's own threads are faster where the cores are free. But they spin for some 25 ms afterwards, and only one
 * computation of the process can use them at a time (benchmarks/EXPERIMENTS.md, 23).
 */
final class CpuProducts {
    /** Operations of the smallest slice. */
    static final long SLICE = 1 << 26;

    /**
     * Number of rows widened to float64 at a time: 256 x 768 doubles are 1.5 MB, which stays in a core's cache between
     * the two calls.
     */
    private static final int WIDENED_ROWS = 256;
    /** Slices begin at multiples of this number, as OpenBLAS's kernels compute up to 16 rows or columns at once. */
    private static final int GRAIN = 16;

    private final CpuWorkers workers;

    CpuProducts(CpuWorkers workers) {
        this.workers = workers;
    }

    static long operations(Product p) {
        return 2 * p.target().elements() * p.left().cols();
    }

    static long operations(Factors f) {
        return 2L * f.left().rows() * f.right().cols() * f.left().cols();
    }

    static long operations(Projection p) {
        return 4 * p.basis().elements() * p.target().cols();
    }

    static long operations(GramUpdate update) {
        return update.samples().elements() * update.gram().cols();
    }

    void multiply(Product p) {
        Matrix target = p.target();
        int slices = slices(operations(p));
        if (slices == 1) {
            CpuBlas.multiply(
                    OperandPart.all(p.left()),
                    OperandPart.all(p.right()),
                    OperandPart.all(target),
                    p.alpha(),
                    p.beta());
        } else if (target.cols() >= target.rows()) {
            cut(slices, even(target.cols(), slices), (first, count) -> multiplyColumns(p, first, count));
        } else {
            cut(slices, even(target.rows(), slices), (first, count) -> multiplyRows(p, first, count));
        }
    }

    private static void multiplyColumns(Product p, int first, int count) {
        OperandPart right = OperandPart.columns(p.right(), first, count);
        OperandPart target = OperandPart.columns(Operand.of(p.target()), first, count);
        CpuBlas.multiply(OperandPart.all(p.left()), right, target, p.alpha(), p.beta());
    }

    private static void multiplyRows(Product p, int first, int count) {
        OperandPart left = OperandPart.rows(p.left(), first, count);
        OperandPart target = OperandPart.rows(Operand.of(p.target()), first, count);
        CpuBlas.multiply(left, OperandPart.all(p.right()), target, p.alpha(), p.beta());
    }

    /** left · right as a new matrix. */
    Matrix product(Operand left, Operand right) {
        Matrix target =
                Matrix.uninitialized(left.rows(), right.cols(), left.matrix().type());
        multiply(Product.of(target, left, right));
        return target;
    }

    void project(Projection p) {
        try (Matrix coefficients = coefficients(p)) {
            project(p, coefficients);
        }
    }

    /** As {@link #project}, and once more if too little is left. */
    void projectOut(Projection p) {
        double before = CpuMagnitudes.roughNorm(p.target(), workers);
        try (Matrix coefficients = coefficients(p)) {
            project(p, coefficients);
            double inside = CpuMagnitudes.roughNorm(coefficients, workers) / Math.max(before, Double.MIN_VALUE);
            double left = isOutside(p) ? Math.sqrt(Math.max(0, (1 - inside) * (1 + inside))) : inside;
            if (left < Projection.CANCELLATION) {
                project(p, coefficients);
            }
        }
    }

    /** Memory for basisᵀ·target. */
    private static Matrix coefficients(Projection p) {
        Matrix target = p.target();
        return Matrix.uninitialized(p.basis().cols(), target.cols(), target.type());
    }

    private void project(Projection p, Matrix coefficients) {
        int slices = slices(operations(p));
        cut(slices, even(p.target().cols(), slices), (first, count) -> projectColumns(p, coefficients, first, count));
    }

    private static void projectColumns(Projection p, Matrix coefficients, int first, int count) {
        OperandPart basis = OperandPart.all(p.basis());
        OperandPart target = OperandPart.columns(Operand.of(p.target()), first, count);
        OperandPart inner = OperandPart.columns(Operand.of(coefficients), first, count);
        CpuBlas.multiply(OperandPart.all(Operand.transposed(p.basis())), target, inner, 1, 0);
        CpuBlas.multiply(basis, inner, target, isOutside(p) ? -1 : 1, isOutside(p) ? 1 : 0);
    }

    private static boolean isOutside(Projection p) {
        return p.projector().kept() == Projector.Part.OUTSIDE_SPAN;
    }

    void accumulateGram(GramUpdate update) {
        Matrix samples = update.samples();
        Matrix gram = update.gram();
        if (gram.rows() == 0 || samples.rows() == 0) {
            return;
        }
        if (update.isSingle()) {
            addSinglePrecision(samples, gram);
        } else if (samples.type() == ElementType.F64) {
            upperTriangle(OperandPart.all(samples), gram, 1);
        } else {
            addWidened(samples, gram);
        }
    }

    /** Work of {@link #mirror} and {@link #addTranspose}, which wait for memory. */
    static long mirrorWork(Matrix square) {
        return 16 * square.elements();
    }

    void mirror(Matrix square) {
        eachPanel(square, mirrorWork(square), panel -> CpuLayout.mirror(square, panel));
    }

    /** square ← square + squareᵀ. */
    void addTranspose(Matrix square) {
        eachPanel(square, mirrorWork(square), panel -> CpuLayout.addTranspose(square, panel));
    }

    private void eachPanel(Matrix gram, long operations, IntConsumer panel) {
        int panels = CpuLayout.panels(gram);
        if (slices(operations) == 1) {
            IntStream.range(0, panels).forEach(panel);
        } else {
            workers.run(panels, panel);
        }
    }

    /** Products and sums in float64, of blocks of widened rows. */
    private void addWidened(Matrix samples, Matrix gram) {
        int block = Math.min(WIDENED_ROWS, samples.rows());
        try (Matrix widened = Matrix.uninitialized(block, gram.cols(), ElementType.F64)) {
            for (int row = 0; row < samples.rows(); row += block) {
                int count = Math.min(block, samples.rows() - row);
                widen(samples, row, count, widened);
                upperTriangle(OperandPart.rows(Operand.of(widened), 0, count), gram, 1);
            }
        }
    }

    private void widen(Matrix samples, int row, int rows, Matrix widened) {
        int slices = slices((long) rows * widened.cols() * widened.cols());
        cut(
                slices,
                even(rows, slices),
                (first, count) -> CpuLayout.widenRows(samples, row + first, count, widened, first));
    }

    /** Products of blocks of rows in float32, their sums in float64. */
    private void addSinglePrecision(Matrix samples, Matrix gram) {
        try (Matrix single = samples.type().isHalf() ? CpuLayout.convert(samples, ElementType.F32) : null;
                Matrix square = Matrix.uninitialized(gram.rows(), gram.cols(), ElementType.F32)) {
            Operand rows = Operand.of(single == null ? samples : single);
            for (int row = 0; row < samples.rows(); row += GramUpdate.SINGLE_ROWS) {
                int count = Math.min(GramUpdate.SINGLE_ROWS, samples.rows() - row);
                upperTriangle(OperandPart.rows(rows, row, count), square, 0);
                eachPanel(gram, (long) count * gram.elements(), panel -> CpuLayout.addUpper(square, gram, panel));
            }
        }
    }

    /** gram ← columnsᵀ · columns, both float64; only the upper triangle is written. */
    void gramUpperTriangle(Matrix columns, Matrix gram) {
        upperTriangle(OperandPart.all(columns), gram, 0);
    }

    /** The upper triangle of gram ← rowsᵀ · rows + beta · gram, both of one type. */
    private void upperTriangle(OperandPart rows, Matrix gram, double beta) {
        int n = gram.rows();
        int slices = slices((long) rows.rows() * n * n);
        IntUnaryOperator equalAreas = i -> grain(n * (1 - Math.sqrt(1 - (double) i / slices)));
        cut(slices, i -> i == slices ? n : equalAreas.applyAsInt(i), (first, count) -> {
            OperandPart own = rows.columns(first, count);
            CpuBlas.gram(own, new OperandPart(Operand.of(gram), first, first, count, count), beta);
            int next = first + count;
            OperandPart left = own.transposed();
            OperandPart rest = rows.columns(next, n - next);
            CpuBlas.multiply(left, rest, new OperandPart(Operand.of(gram), first, next, count, n - next), 1, beta);
        });
    }

    private int slices(long operations) {
        return (int) Math.max(1, Math.min(workers.count(), operations / SLICE));
    }

    private static IntUnaryOperator even(int length, int slices) {
        return i -> i == slices ? length : grain((double) length * i / slices);
    }

    private static int grain(double boundary) {
        return (int) Math.rint(boundary / GRAIN) * GRAIN;
    }

    /** @param boundary where slice i begins and slice i - 1 ends */
    private void cut(int slices, IntUnaryOperator boundary, Slice slice) {
        workers.run(slices, i -> {
            int first = boundary.applyAsInt(i);
            int count = boundary.applyAsInt(i + 1) - first;
            if (count > 0) {
                slice.compute(first, count);
            }
        });
    }

    /** Rows or columns that one thread computes. */
    private interface Slice {
        void compute(int first, int count);
    }
}
