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

    static Matrix concatColumns(Matrix left, Matrix right) {
        Matrix both = Matrix.uninitialized(left.rows(), left.cols() + right.cols(), left.type());
        copyColumns(left, 0, both, 0, left.cols());
        copyColumns(right, 0, both, left.cols(), right.cols());
        return both;
    }

    private static void copyColumns(Matrix source, int sourceFirst, Matrix target, int targetFirst, int count) {
        if (count == 0) {
            return;
        }
        int bytes = source.type().bytes();
        Pointer from = address(source);
        Pointer to = address(target);
        for (long row = 0; row < source.rows(); row++) {
            from.position((row * source.cols() + sourceFirst) * bytes);
            to.position((row * target.cols() + targetFirst) * bytes);
            Pointer.memcpy(to, from, (long) count * bytes);
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

    /** Number of panels of {@link #mirror} and {@link #addUpper}. */
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
        long elements = source.elements();
        if (source.type() == target.type()) {
            Pointer.memcpy(
                    address(target), address(source), elements * source.type().bytes());
        } else if (source.type().isHalf()) {
            CpuHalves.widen(source, 0, elements, target, 0);
        } else if (source.type() == ElementType.F32) {
            widenRows(source, 0, source.rows(), target, 0);
        } else {
            narrow(source, target);
        }
    }

    /**
     * Copies and widens: {@code count} rows of {@code target} float64, from {@code targetFirst} on ← rows of
     * {@code source}, of a narrower type, from {@code first} on.
     */
    static void widenRows(Matrix source, int first, int count, Matrix target, int targetFirst) {
        int cols = source.cols();
        long from = (long) first * cols;
        long to = (long) targetFirst * cols;
        if (source.type().isHalf()) {
            CpuHalves.widen(source, from, (long) count * cols, target, to);
        } else {
            FloatPointer rows = source.floats().getPointer(from);
            DoublePointer widened = target.doubles().getPointer(to);
            LAPACKE_slag2d_work(LAPACK_COL_MAJOR, cols, count, rows, Math.max(1, cols), widened, Math.max(1, cols));
        }
    }

    /**
     * Rounds to float32. LAPACK stops at a number beyond float32's range; here it becomes infinite, as everywhere in
     * Java.
     */
    private static void narrow(Matrix source, Matrix target) {
        int width = Math.max(1, source.cols());
        int beyondRange = LAPACKE_dlag2s_work(
                LAPACK_COL_MAJOR, source.cols(), source.rows(), source.doubles(), width, target.floats(), width);
        if (beyondRange != 0) {
            DoubleIndexer from = DoubleIndexer.create(source.doubles());
            FloatIndexer to = FloatIndexer.create(target.floats());
            for (long i = 0; i < source.elements(); i++) {
                to.put(i, (float) from.get(i));
            }
        }
    }
}
