package org.keeplora.engine;

import static org.bytedeco.openblas.global.openblas.LAPACKE_dgeqrf;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dorgqr;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dormqr;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dpotrf;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dtrtri;
import static org.bytedeco.openblas.global.openblas.LAPACK_COL_MAJOR;
import static org.bytedeco.openblas.global.openblas.cblas_dscal;

import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.keeplora.engine.internal.Operand;

/**
 * Orthonormal columns on OpenBLAS, one problem at a time on the calling thread. Decisions about the columns are always
 * computed in float64.
 *
 * <p>Columns that are nearly orthonormal get one Newton step to the closest ones that are (Higham 1986). Otherwise
 * CholeskyQR2 (Yamamoto, Nakatsukasa, Yanagisawa and Fukaya 2015) is used when it is safe, Householder reflections when
 * the columns are nearly dependent.
 */
final class CpuQr {
    /**
     * Largest safe distance of the second Cholesky factor from I. Beyond it the second pass would not reach rounding
     * level.
     */
    private static final double SAFE_DEVIATION = 0.1;

    /** Largest ‖E‖ for one Newton step, which leaves 3/8·‖E‖². */
    private static final double NEARLY = 1e-6;

    /** Smallest safe entry: below it the reciprocals in F⁻¹ come near the end of float32's range. */
    private static final double WEAKEST = 1e-30;

    private CpuQr() {}

    static void orthonormalize(CpuProducts products, Matrix matrix) {
        if (matrix.cols() == 0) {
            return;
        }
        if (newtonStep(products, matrix)) {
            return;
        }
        try (Matrix before = CpuLayout.convert(matrix, matrix.type())) {
            if (!(choleskyPass(products, matrix, Double.POSITIVE_INFINITY)
                    && choleskyPass(products, matrix, SAFE_DEVIATION))) {
                householder(before, matrix);
            }
        }
    }

    /**
     * columns ← columns·(I − E/2) with E = columnsᵀ·columns − I. Returns false and leaves the columns unchanged
     * unless they are orthonormal up to {@link #NEARLY}, as columns are that were rounded to float32.
     */
    private static boolean newtonStep(CpuProducts products, Matrix columns) {
        int n = columns.cols();
        try (Matrix gram = gram(products, columns)) {
            DoubleIndexer values = DoubleIndexer.create(gram.doubles());
            double squares = 0;
            for (long row = 0; row < n; row++) {
                for (long col = row; col < n; col++) {
                    double difference = values.get(row * n + col) - (row == col ? 1 : 0);
                    squares += (row == col ? 1 : 2) * difference * difference;
                    values.put(row * n + col, (row == col ? 1 : 0) - difference / 2);
                    values.put(col * n + row, values.get(row * n + col));
                }
            }
            if (!(Math.sqrt(squares) <= NEARLY)) { // also for NaN
                return false;
            }
            multiplyInPlace(products, columns, gram);
            return true;
        }
    }

    /** The upper triangle of columnsᵀ·columns in float64. */
    private static Matrix gram(CpuProducts products, Matrix columns) {
        Matrix gram = Matrix.uninitialized(columns.cols(), columns.cols(), ElementType.F64);
        try (Matrix wide = CpuLayout.convert(columns, ElementType.F64)) {
            products.gramUpperTriangle(wide, gram);
            return gram;
        } catch (RuntimeException | Error e) {
            gram.close();
            throw e;
        }
    }

    /** columns ← columns·factor, in the columns' own type; the factor is float64. */
    private static void multiplyInPlace(CpuProducts products, Matrix columns, Matrix factor) {
        try (Matrix own = CpuLayout.convert(factor, columns.type());
                Matrix product = products.product(Operand.of(columns), Operand.of(own))) {
            CpuLayout.copyInto(product, columns);
        }
    }

    /** New columns for the same span, with condition near 1: enough for a power iteration between two products. */
    static void condition(CpuProducts products, Matrix matrix) {
        if (matrix.cols() > 0 && !choleskyPass(products, matrix, Double.POSITIVE_INFINITY)) {
            orthonormalize(products, matrix);
        }
    }

    /**
     * columns ← columns·F⁻¹, with FᵀF = columnsᵀ·columns; Gram matrix and F in float64, the product in the columns' own
     * type. Returns false and leaves the columns unchanged if they are nearly dependent, too weak, or F differs from I
     * by more than {@code safe}.
     */
    private static boolean choleskyPass(CpuProducts products, Matrix columns, double safe) {
        int n = columns.cols();
        try (Matrix factor = gram(products, columns)) {
            if (LAPACKE_dpotrf(LAPACK_COL_MAJOR, (byte) 'L', n, factor.doubles(), n) != 0
                    || weakestColumn(factor) < WEAKEST
                    || deviationFromIdentity(factor) > safe) {
                return false;
            }
            zeroBelowDiagonal(factor);
            LAPACKE_dtrtri(LAPACK_COL_MAJOR, (byte) 'L', (byte) 'N', n, factor.doubles(), n);
            multiplyInPlace(products, columns, factor);
            return true;
        }
    }

    private static double weakestColumn(Matrix factor) {
        double weakest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < factor.cols(); i++) {
            weakest = Math.min(weakest, factor.get(i, i));
        }
        return weakest;
    }

    private static void zeroBelowDiagonal(Matrix square) {
        long n = square.rows();
        DoubleIndexer values = DoubleIndexer.create(square.doubles());
        for (long row = 1; row < n; row++) {
            for (long col = 0; col < row; col++) {
                values.put(row * n + col, 0);
            }
        }
    }

    /** Largest entry of F − I, F upper triangular. */
    private static double deviationFromIdentity(Matrix factor) {
        long n = factor.rows();
        DoubleIndexer values = DoubleIndexer.create(factor.doubles());
        double deviation = 0;
        for (long row = 0; row < n; row++) {
            for (long col = row; col < n; col++) {
                // written so that NaN counts as a large deviation
                double difference = Math.abs(values.get(row * n + col) - (row == col ? 1 : 0));
                deviation = difference <= deviation ? deviation : difference;
            }
        }
        return deviation;
    }

    /**
     * An orthonormal basis whose span contains {@code columns}, also if they are dependent. No column changes its sign.
     */
    private static void householder(Matrix columns, Matrix result) {
        int m = columns.rows();
        int n = columns.cols();
        try (Matrix wide = CpuLayout.convert(columns, ElementType.F64);
                Matrix byColumn = CpuLayout.transpose(wide);
                Matrix scalars = Matrix.zeros(1, n, ElementType.F64)) {
            LAPACKE_dgeqrf(LAPACK_COL_MAJOR, m, n, byColumn.doubles(), m, scalars.doubles());
            boolean[] turned = new boolean[n];
            for (int i = 0; i < n; i++) {
                turned[i] = byColumn.get(i, i) < 0;
            }
            LAPACKE_dorgqr(LAPACK_COL_MAJOR, m, n, n, byColumn.doubles(), m, scalars.doubles());
            for (int i = 0; i < n; i++) {
                if (turned[i]) {
                    cblas_dscal(m, -1, byColumn.doubles().getPointer((long) i * m), 1);
                }
            }
            try (Matrix byRow = CpuLayout.transpose(byColumn)) {
                CpuLayout.copyInto(byRow, result);
            }
        }
    }

    /** Work of {@link #orthonormalize}: two passes of a Gram matrix and a product. */
    static long orthonormalizeWork(Matrix matrix) {
        return 6 * matrix.elements() * matrix.cols();
    }

    /** Work of {@link #complement}, in operations of a product (benchmarks/EXPERIMENTS.md, 23). */
    static long complementWork(Matrix basis) {
        return 6 * basis.elements() * basis.rows();
    }

    static Matrix complement(Matrix basis) {
        int in = basis.rows();
        int k = basis.cols();
        int rest = in - k;
        try (Matrix restByColumn = Matrix.zeros(rest, in, ElementType.F64)) {
            for (int i = 0; i < rest; i++) {
                restByColumn.set(i, k + i, 1);
            }
            if (k > 0 && rest > 0) {
                rotateByReflectors(basis, restByColumn);
            }
            try (Matrix byRow = CpuLayout.transpose(restByColumn)) {
                return CpuLayout.convert(byRow, basis.type());
            }
        }
    }

    /** byColumn ← H · byColumn, both [in x ·] by columns, where H's first k columns span the basis. */
    private static void rotateByReflectors(Matrix basis, Matrix byColumn) {
        int in = basis.rows();
        int k = basis.cols();
        try (Matrix wide = CpuLayout.convert(basis, ElementType.F64);
                Matrix reflectors = CpuLayout.transpose(wide);
                Matrix scalars = Matrix.zeros(1, k, ElementType.F64)) {
            LAPACKE_dgeqrf(LAPACK_COL_MAJOR, in, k, reflectors.doubles(), in, scalars.doubles());
            LAPACKE_dormqr(
                    LAPACK_COL_MAJOR,
                    (byte) 'L',
                    (byte) 'N',
                    in,
                    byColumn.rows(),
                    k,
                    reflectors.doubles(),
                    in,
                    scalars.doubles(),
                    byColumn.doubles(),
                    in);
        }
    }
}
