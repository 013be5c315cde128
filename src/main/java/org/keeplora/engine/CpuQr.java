package org.keeplora.engine;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasNonUnit;
import static org.bytedeco.openblas.global.openblas.CblasRight;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasUpper;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dgeqrf;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dorgqr;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dormqr;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dpotrf;
import static org.bytedeco.openblas.global.openblas.LAPACK_COL_MAJOR;
import static org.bytedeco.openblas.global.openblas.LAPACK_ROW_MAJOR;
import static org.bytedeco.openblas.global.openblas.cblas_dtrsm;

import org.bytedeco.javacpp.indexer.DoubleIndexer;

/**
 * Orthonormal columns on OpenBLAS, always in float64, one problem at a time on the calling thread.
 *
 * <p>CholeskyQR2 (Yamamoto, Nakatsukasa, Yanagisawa and Fukaya 2015) where it is safe, Householder reflections where the columns
 * are close to dependent.
 */
final class CpuQr {
    /** After one Cholesky pass the Gram matrix is this close to I, or the second pass would not bring it to rounding level. */
    private static final double SAFE_DEVIATION = 0.1;

    private CpuQr() {}

    static void orthonormalize(Matrix matrix) {
        if (matrix.cols() == 0) {
            return;
        }
        try (Matrix work = CpuLayout.convert(matrix, ElementType.F64)) {
            if (!choleskyQr2(work)) {
                CpuLayout.copyInto(matrix, work);
                householder(work);
            }
            CpuLayout.copyInto(work, matrix);
        }
    }

    /** Orthonormalises the columns in place; false, with the contents lost, where they are too close to dependent. */
    private static boolean choleskyQr2(Matrix columns) {
        for (int pass = 0; pass < 2; pass++) {
            try (Matrix gram = Matrix.zeros(columns.cols(), columns.cols(), ElementType.F64)) {
                CpuBlas.accumulateGram(new GramUpdate(columns, gram));
                if (pass == 1 && deviationFromIdentity(gram) > SAFE_DEVIATION) {
                    return false;
                }
                int n = columns.cols();
                if (LAPACKE_dpotrf(LAPACK_ROW_MAJOR, (byte) 'U', n, gram.doubles(), n) != 0) {
                    return false;
                }
                cblas_dtrsm(
                        CblasRowMajor,
                        CblasRight,
                        CblasUpper,
                        CblasNoTrans,
                        CblasNonUnit,
                        columns.rows(),
                        n,
                        1,
                        gram.doubles(),
                        n,
                        columns.doubles(),
                        n);
            }
        }
        return true;
    }

    private static double deviationFromIdentity(Matrix gram) {
        long n = gram.rows();
        DoubleIndexer values = DoubleIndexer.create(gram.doubles());
        double deviation = 0;
        for (long row = 0; row < n; row++) {
            for (long col = 0; col < n; col++) {
                // written so that NaN counts as far away
                double difference = Math.abs(values.get(row * n + col) - (row == col ? 1 : 0));
                deviation = difference <= deviation ? deviation : difference;
            }
        }
        return deviation;
    }

    private static void householder(Matrix columns) {
        int m = columns.rows();
        int n = columns.cols();
        try (Matrix byColumn = CpuLayout.transpose(columns);
                Matrix scalars = Matrix.zeros(1, n, ElementType.F64)) {
            LAPACKE_dgeqrf(LAPACK_COL_MAJOR, m, n, byColumn.doubles(), m, scalars.doubles());
            LAPACKE_dorgqr(LAPACK_COL_MAJOR, m, n, n, byColumn.doubles(), m, scalars.doubles());
            try (Matrix result = CpuLayout.transpose(byColumn)) {
                CpuLayout.copyInto(result, columns);
            }
        }
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
