package org.keeplora.engine;

import static org.bytedeco.openblas.global.openblas.LAPACKE_dgesdd;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dgesvd;
import static org.bytedeco.openblas.global.openblas.LAPACKE_dsyevd;
import static org.bytedeco.openblas.global.openblas.LAPACKE_sgesdd;
import static org.bytedeco.openblas.global.openblas.LAPACKE_sgesvd;
import static org.bytedeco.openblas.global.openblas.LAPACK_COL_MAJOR;

import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.engine.internal.Svd;

/**
 * Eigen- and singular value decompositions on LAPACK, one problem at a time on the calling thread.
 *
 * <p>LAPACK reads memory by columns, so it sees a row-major matrix as its transpose. It decomposes the transpose, and
 * left and right swap roles without a copy.
 */
final class CpuDecompositions {
    private CpuDecompositions() {}

    static Eigen eigh(Matrix matrix) {
        int n = matrix.rows();
        if (n == 0) {
            return ResourceScope.handOver(made -> new Eigen(
                    made.keep(Matrix.zeros(0, 1, ElementType.F64)), made.keep(Matrix.zeros(0, 0, matrix.type()))));
        }
        try (Matrix work = CpuLayout.convert(matrix, ElementType.F64);
                Matrix ascending = Matrix.uninitialized(1, n, ElementType.F64)) {
            // LAPACK is faster with the lower triangle by columns, which is the upper one by rows.
            int info =
                    LAPACKE_dsyevd(LAPACK_COL_MAJOR, (byte) 'V', (byte) 'L', n, work.doubles(), n, ascending.doubles());
            requireConverged("eigh", matrix, info);
            CpuLayout.reverseRows(work); // eigenvectors in rows, from ascending to descending
            return ResourceScope.handOver(made -> new Eigen(
                    made.keep(Matrix.copyOf(n, 1, reversed(ascending.toDoubles()))),
                    made.keep(columns(work, matrix.type()))));
        }
    }

    /** Rows as columns, of another type. */
    private static Matrix columns(Matrix rows, ElementType type) {
        Matrix wide = CpuLayout.transpose(rows);
        if (type == ElementType.F64) {
            return wide;
        }
        try (wide) {
            return CpuLayout.convert(wide, type);
        }
    }

    private static double[] reversed(double[] values) {
        double[] reversed = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            reversed[i] = values[values.length - 1 - i];
        }
        return reversed;
    }

    /** Work of {@link #eigh}, in operations of a product (benchmarks/EXPERIMENTS.md, 23). */
    static long eighWork(Matrix matrix) {
        long n = matrix.rows();
        return n * n * (2000 + 10 * n);
    }

    /** Work of {@link #svd}, in operations of a product (benchmarks/EXPERIMENTS.md, 23). */
    static long svdWork(Matrix matrix) {
        return matrix.elements() * (5000 + 20L * Math.min(matrix.rows(), matrix.cols()));
    }

    static Svd svd(Matrix matrix) {
        return ResourceScope.handOver(made -> svd(matrix, made));
    }

    private static Svd svd(Matrix matrix, ResourceScope made) {
        int m = matrix.rows();
        int n = matrix.cols();
        int p = Math.min(m, n);
        Matrix left = made.keep(Matrix.zeros(m, p, matrix.type()));
        Matrix right = made.keep(Matrix.zeros(p, n, matrix.type()));
        if (p == 0) {
            return new Svd(left, new double[0], right);
        }
        try (Matrix values = Matrix.uninitialized(1, p, matrix.type())) {
            int info = divideAndConquer(matrix, left, values, right);
            if (info > 0) {
                info = implicitQr(matrix, left, values, right);
            }
            requireConverged("svd", matrix, info);
            return new Svd(left, values.toDoubles(), right);
        }
    }

    private static int divideAndConquer(Matrix matrix, Matrix left, Matrix values, Matrix right) {
        int m = matrix.rows();
        int n = matrix.cols();
        int p = values.cols();
        try (Matrix work = CpuLayout.convert(matrix, matrix.type())) {
            return matrix.type() == ElementType.F32
                    ? LAPACKE_sgesdd(
                            LAPACK_COL_MAJOR,
                            (byte) 'S',
                            n,
                            m,
                            work.floats(),
                            n,
                            values.floats(),
                            right.floats(),
                            n,
                            left.floats(),
                            p)
                    : LAPACKE_dgesdd(
                            LAPACK_COL_MAJOR,
                            (byte) 'S',
                            n,
                            m,
                            work.doubles(),
                            n,
                            values.doubles(),
                            right.doubles(),
                            n,
                            left.doubles(),
                            p);
        }
    }

    /** Slower than divide and conquer, but converges when that does not. */
    private static int implicitQr(Matrix matrix, Matrix left, Matrix values, Matrix right) {
        int m = matrix.rows();
        int n = matrix.cols();
        int p = values.cols();
        byte thin = (byte) 'S';
        try (Matrix work = CpuLayout.convert(matrix, matrix.type());
                Matrix unconverged = Matrix.uninitialized(1, p, matrix.type())) {
            return matrix.type() == ElementType.F32
                    ? LAPACKE_sgesvd(
                            LAPACK_COL_MAJOR,
                            thin,
                            thin,
                            n,
                            m,
                            work.floats(),
                            n,
                            values.floats(),
                            right.floats(),
                            n,
                            left.floats(),
                            p,
                            unconverged.floats())
                    : LAPACKE_dgesvd(
                            LAPACK_COL_MAJOR,
                            thin,
                            thin,
                            n,
                            m,
                            work.doubles(),
                            n,
                            values.doubles(),
                            right.doubles(),
                            n,
                            left.doubles(),
                            p,
                            unconverged.doubles());
        }
    }

    private static void requireConverged(String operation, Matrix matrix, int info) {
        if (info != 0) {
            throw new IllegalStateException(
                    operation + " of " + matrix + " failed: LAPACK info " + info + " (above 0: it did not converge)");
        }
    }
}
