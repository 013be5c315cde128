package org.keeplora.engine;

import static org.bytedeco.openblas.global.openblas.LAPACKE_dge_trans;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dlag2s_work;
import static org.bytedeco.openblas.global.openblas.LAPACKE_sge_trans;
import static org.bytedeco.openblas.global.openblas.LAPACKE_slag2d_work;
import static org.bytedeco.openblas.global.openblas.LAPACK_COL_MAJOR;
import static org.bytedeco.openblas.global.openblas.LAPACK_ROW_MAJOR;
import static org.bytedeco.openblas.global.openblas.cblas_dswap;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.keeplora.engine.internal.Assembly;
import org.keeplora.engine.internal.Assembly.Columns;
import org.keeplora.engine.internal.Operand;

/** Copies that change a matrix's columns, order or type. */
final class CpuLayout {
    /** Rows transposed at a time: few enough for their current lines to stay in a core's first cache. */
    private static final int PANEL = 32;

    private CpuLayout() {}

    static Matrix columns(Matrix matrix, int first, int count) {
        Matrix columns = Matrix.uninitialized(matrix.rows(), count, matrix.type());
        copyColumns(matrix, first, columns, 0, count);
        return columns;
    }

    static Matrix assemble(Assembly problem) {
        Matrix target = Matrix.uninitialized(problem.rows(), problem.cols(), problem.type());
        int first = 0;
        for (Columns part : problem.parts()) {
            copyColumns(part.matrix(), part.first(), target, first, part.count());
            first += part.count();
        }
        return target;
    }

    /** Work of {@link #assemble}, which waits for memory. */
    static long assemblyWork(Assembly problem) {
        return 16L * problem.rows() * problem.cols();
    }

    /** Converts to the type of the target. */
    private static void copyColumns(Matrix source, int sourceFirst, Matrix target, int targetFirst, int count) {
        if (count == 0) {
            return;
        }
        OperandPart from = OperandPart.columns(Operand.of(source), sourceFirst, count);
        OperandPart to = OperandPart.columns(Operand.of(target), targetFirst, count);
        if (source.type() == target.type()) {
            copyRows(source, sourceFirst, target, targetFirst, count);
        } else if (source.type().isHalf()) {
            for (long row = 0; row < source.rows(); row++) {
                long first = row * source.cols() + sourceFirst;
                CpuHalves.widen(source, first, count, target, row * target.cols() + targetFirst);
            }
        } else if (source.type() == ElementType.F32) {
            widen(from, to);
        } else {
            narrow(from, to);
        }
    }

    /** Of one type. */
    private static void copyRows(Matrix source, int sourceFirst, Matrix target, int targetFirst, int count) {
        int bytes = source.type().bytes();
        Pointer from = address(source);
        Pointer to = address(target);
        boolean whole = count == source.cols() && count == target.cols();
        long rows = whole ? 1 : source.rows();
        long elements = whole ? source.elements() : count;
        for (long row = 0; row < rows; row++) {
            from.position((row * source.cols() + sourceFirst) * bytes);
            to.position((row * target.cols() + targetFirst) * bytes);
            Pointer.memcpy(to, from, elements * bytes);
        }
    }

    /** The matrix's memory, addressed in bytes. */
    private static Pointer address(Matrix matrix) {
        return new BytePointer(matrix.address())
                .limit(matrix.elements() * matrix.type().bytes());
    }

    static Matrix transpose(Matrix matrix) {
        Matrix transposed = Matrix.uninitialized(matrix.cols(), matrix.rows(), matrix.type());
        int rows = matrix.rows();
        int cols = matrix.cols();
        for (int row = 0; row < rows; row += PANEL) {
            int count = Math.min(PANEL, rows - row);
            if (matrix.type() == ElementType.F32) {
                FloatPointer from = matrix.floats().getPointer((long) row * cols);
                LAPACKE_sge_trans(
                        LAPACK_ROW_MAJOR,
                        count,
                        cols,
                        from,
                        cols,
                        transposed.floats().getPointer(row),
                        rows);
            } else {
                DoublePointer from = matrix.doubles().getPointer((long) row * cols);
                DoublePointer to = transposed.doubles().getPointer(row);
                LAPACKE_dge_trans(LAPACK_ROW_MAJOR, count, cols, from, cols, to, rows);
            }
        }
        return transposed;
    }

    /** Adds what a panel of rows of {@code term} float32 has of the upper triangle to {@code square} float64. */
    static void addUpper(Matrix term, Matrix square, int panel) {
        long n = square.rows();
        FloatIndexer from = FloatIndexer.create(term.floats());
        DoubleIndexer to = DoubleIndexer.create(square.doubles());
        long row = (long) panel * PANEL;
        for (long i = row; i < Math.min(n, row + PANEL); i++) {
            for (long at = i * n + i; at < (i + 1) * n; at++) {
                to.put(at, to.get(at) + from.get(at));
            }
        }
    }

    /** Number of panels of {@link #mirror}, {@link #addTranspose} and {@link #addUpper}. */
    static int panels(Matrix square) {
        return (square.rows() + PANEL - 1) / PANEL;
    }

    /** Copies what a panel of rows has of the upper triangle onto the lower; float64. */
    static void mirror(Matrix square, int panel) {
        int n = square.rows();
        int row = panel * PANEL;
        int end = Math.min(n, row + PANEL);
        DoublePointer values = square.doubles();
        DoubleIndexer elements = DoubleIndexer.create(values);
        for (long i = row; i < end; i++) {
            for (long j = row; j < i; j++) {
                elements.put(i * n + j, elements.get(j * n + i));
            }
        }
        DoublePointer right = values.getPointer((long) row * n + end);
        DoublePointer below = values.getPointer((long) end * n + row);
        LAPACKE_dge_trans(LAPACK_ROW_MAJOR, end - row, n - end, right, n, below, n);
    }

    /**
     * Adds the transpose to what a panel of rows has of the upper triangle, and to its mirror image, in square blocks;
     * float64.
     */
    static void addTranspose(Matrix square, int panel) {
        long n = square.rows();
        long top = (long) panel * PANEL;
        DoubleIndexer elements = DoubleIndexer.create(square.doubles());
        for (long left = top; left < n; left += PANEL) {
            for (long row = top; row < Math.min(n, top + PANEL); row++) {
                for (long col = Math.max(row, left); col < Math.min(n, left + PANEL); col++) {
                    double sum = elements.get(row * n + col) + elements.get(col * n + row);
                    elements.put(row * n + col, sum);
                    elements.put(col * n + row, sum);
                }
            }
        }
    }

    /** Puts the rows into the opposite order; float64. */
    static void reverseRows(Matrix matrix) {
        int last = matrix.rows() - 1;
        int cols = matrix.cols();
        for (int row = 0; row < last - row; row++) {
            DoublePointer upper = matrix.doubles().getPointer((long) row * cols);
            DoublePointer lower = matrix.doubles().getPointer((long) (last - row) * cols);
            cblas_dswap(cols, upper, 1, lower, 1);
        }
    }

    static Matrix convert(Matrix matrix, ElementType type) {
        Matrix converted = Matrix.uninitialized(matrix.rows(), matrix.cols(), type);
        copyInto(matrix, converted);
        return converted;
    }

    /** Copies {@code source} over {@code target} of the same shape, converting the type. */
    static void copyInto(Matrix source, Matrix target) {
        copyColumns(source, 0, target, 0, source.cols());
    }

    /**
     * Copies and widens: {@code count} rows of {@code target} float64, from {@code targetFirst} on ← rows of
     * {@code source}, of a narrower type, from {@code first} on.
     */
    static void widenRows(Matrix source, int first, int count, Matrix target, int targetFirst) {
        int cols = source.cols();
        if (source.type().isHalf()) {
            CpuHalves.widen(source, (long) first * cols, (long) count * cols, target, (long) targetFirst * cols);
        } else {
            widen(
                    OperandPart.rows(Operand.of(source), first, count),
                    OperandPart.rows(Operand.of(target), targetFirst, count));
        }
    }

    private static void widen(OperandPart from, OperandPart to) {
        LAPACKE_slag2d_work(
                LAPACK_COL_MAJOR, from.cols(), from.rows(), from.floats(), from.stride(), to.doubles(), to.stride());
    }

    /**
     * Rounds to float32. LAPACK stops at a number beyond float32's range; here it becomes infinite, as everywhere in
     * Java.
     */
    private static void narrow(OperandPart from, OperandPart to) {
        int beyondRange = LAPACKE_dlag2s_work(
                LAPACK_COL_MAJOR, from.cols(), from.rows(), from.doubles(), from.stride(), to.floats(), to.stride());
        if (beyondRange != 0) {
            DoublePointer doubles = from.doubles();
            FloatPointer floats = to.floats();
            for (long row = 0; row < from.rows(); row++) {
                for (long col = 0; col < from.cols(); col++) {
                    floats.put(row * to.stride() + col, (float) doubles.get(row * from.stride() + col));
                }
            }
        }
    }
}
