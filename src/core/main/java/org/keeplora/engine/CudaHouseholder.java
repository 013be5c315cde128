package org.keeplora.engine;

import static org.bytedeco.cuda.global.cublas.CUBLAS_OP_N;
import static org.bytedeco.cuda.global.cublas.CUBLAS_SIDE_LEFT;
import static org.bytedeco.cuda.global.cusolver.cusolverDnDgeqrf;
import static org.bytedeco.cuda.global.cusolver.cusolverDnDgeqrf_bufferSize;
import static org.bytedeco.cuda.global.cusolver.cusolverDnDormqr;
import static org.bytedeco.cuda.global.cusolver.cusolverDnDormqr_bufferSize;

import java.util.List;
import org.bytedeco.javacpp.IntPointer;

/** Householder reflections on cuSOLVER, one problem after the other, always in float64: slow, but always accurate. */
final class CudaHouseholder {
    private final Cuda cuda;
    private final CudaLayout layout;

    CudaHouseholder(Cuda cuda, CudaLayout layout) {
        this.cuda = cuda;
        this.layout = layout;
    }

    /**
     * An orthonormal basis [m x n] whose span contains {@code columns}, also if they are dependent. No column changes
     * its sign.
     */
    void orthonormalize(Matrix columns, Matrix result) {
        int m = columns.rows();
        int n = columns.cols();
        try (Matrix reflectors = byColumns(columns);
                Matrix scalars = layout.uninitialized(1, n, ElementType.F64)) {
            factorize(reflectors, scalars);
            try (Matrix leading = signedIdentity(m, n, reflectors)) {
                reflect(reflectors, scalars, leading);
                layout.copy(List.of(CudaCopy.transposed(leading, result)));
            }
        }
    }

    /** An orthonormal basis [in x (in−k)] of the orthogonal complement of {@code basis} [in x k]. */
    Matrix complement(Matrix basis) {
        int in = basis.rows();
        int k = basis.cols();
        Matrix complement = layout.uninitialized(in, in - k, basis.type());
        try (Matrix reflectors = byColumns(basis);
                Matrix scalars = layout.uninitialized(1, Math.max(1, k), ElementType.F64);
                Matrix rest = upload(unitColumns(in, k, in - k))) {
            if (k > 0 && k < in) {
                factorize(reflectors, scalars);
                reflect(reflectors, scalars, rest);
            }
            layout.copy(List.of(CudaCopy.transposed(rest, complement)));
            return complement;
        }
    }

    /** The columns in float64, each stored as a row, as cuSOLVER reads them. */
    private Matrix byColumns(Matrix columns) {
        Matrix byColumns = layout.uninitialized(columns.cols(), columns.rows(), ElementType.F64);
        layout.copy(List.of(CudaCopy.transposed(columns, byColumns)));
        return byColumns;
    }

    /** Unit vectors first to first + count, one per row, on the host. */
    private static Matrix unitColumns(int length, int first, int count) {
        Matrix units = Matrix.zeros(count, length, ElementType.F64);
        for (int i = 0; i < count; i++) {
            units.set(i, first + i, 1);
        }
        return units;
    }

    /**
     * The first n unit vectors, each with the sign of its diagonal entry of R, so that no column of the basis changes
     * its sign.
     */
    private Matrix signedIdentity(int m, int n, Matrix factored) {
        try (Matrix host = factored.toHost()) {
            Matrix units = unitColumns(m, 0, n);
            for (int i = 0; i < n; i++) {
                units.set(i, i, host.get(i, i) < 0 ? -1 : 1);
            }
            return upload(units);
        }
    }

    private Matrix upload(Matrix host) {
        try (host) {
            return layout.uninitialized(host.rows(), host.cols(), host.type()).writtenFrom(host);
        }
    }

    /** reflectors ← the reflectors below the diagonal, R on and above it, both by columns. */
    private void factorize(Matrix reflectors, Matrix scalars) {
        int m = reflectors.cols();
        int n = reflectors.rows();
        try (IntPointer size = new IntPointer(1)) {
            Cuda.checkSolver(
                    "cusolverDnDgeqrf_bufferSize",
                    cusolverDnDgeqrf_bufferSize(cuda.solver(), m, n, reflectors.doubles(), m, size));
            try (CudaArray workspace = new CudaArray(cuda, (long) size.get() * Double.BYTES);
                    CudaArray info = new CudaArray(cuda, Integer.BYTES)) {
                Cuda.checkSolver(
                        "cusolverDnDgeqrf",
                        cusolverDnDgeqrf(
                                cuda.solver(),
                                m,
                                n,
                                reflectors.doubles(),
                                m,
                                scalars.doubles(),
                                workspace.doubles(0),
                                size.get(),
                                info.ints(0)));
            }
        }
    }

    /** columns ← H · columns, by columns, where H is the product of the reflectors. */
    private void reflect(Matrix reflectors, Matrix scalars, Matrix columns) {
        int m = columns.cols();
        int n = columns.rows();
        int k = reflectors.rows();
        try (IntPointer size = new IntPointer(1)) {
            Cuda.checkSolver(
                    "cusolverDnDormqr_bufferSize",
                    cusolverDnDormqr_bufferSize(
                            cuda.solver(),
                            CUBLAS_SIDE_LEFT,
                            CUBLAS_OP_N,
                            m,
                            n,
                            k,
                            reflectors.doubles(),
                            m,
                            scalars.doubles(),
                            columns.doubles(),
                            m,
                            size));
            try (CudaArray workspace = new CudaArray(cuda, (long) size.get() * Double.BYTES);
                    CudaArray info = new CudaArray(cuda, Integer.BYTES)) {
                Cuda.checkSolver(
                        "cusolverDnDormqr",
                        cusolverDnDormqr(
                                cuda.solver(),
                                CUBLAS_SIDE_LEFT,
                                CUBLAS_OP_N,
                                m,
                                n,
                                k,
                                reflectors.doubles(),
                                m,
                                scalars.doubles(),
                                columns.doubles(),
                                m,
                                workspace.doubles(0),
                                size.get(),
                                info.ints(0)));
            }
        }
    }
}
