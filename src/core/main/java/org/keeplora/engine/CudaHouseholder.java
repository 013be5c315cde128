package org.keeplora.engine;

import static org.bytedeco.cuda.global.cublas.CUBLAS_OP_N;
import static org.bytedeco.cuda.global.cublas.CUBLAS_SIDE_LEFT;
import static org.bytedeco.cuda.global.cusolver.cusolverDnDgeqrf;
import static org.bytedeco.cuda.global.cusolver.cusolverDnDgeqrf_bufferSize;
import static org.bytedeco.cuda.global.cusolver.cusolverDnDormqr;
import static org.bytedeco.cuda.global.cusolver.cusolverDnDormqr_bufferSize;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.IntPointer;
import org.keeplora.engine.CudaCopy.Block;
import org.keeplora.engine.CudaLayout.Diagonal;
import org.keeplora.engine.internal.ResourceScope;

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
        try (ResourceScope scope = new ResourceScope()) {
            Matrix reflectors = scope.keep(byColumns(columns));
            Matrix scalars = scope.keep(layout.uninitialized(1, n, ElementType.F64));
            factorize(reflectors, scalars);
            Matrix leading = layout.diagonals(List.of(new Diagonal(n, m, 0, signs(reflectors))), scope)
                    .get(0);
            reflect(reflectors, scalars, leading);
            layout.copy(List.of(CudaCopy.transposed(leading, result)));
        }
    }

    /** An orthonormal basis [in x (in−k)] of the orthogonal complement of {@code basis} [in x k]. */
    void complement(Matrix basis, Matrix result) {
        int in = basis.rows();
        int k = basis.cols();
        try (ResourceScope scope = new ResourceScope()) {
            Matrix rest = layout.diagonals(List.of(Diagonal.of(in - k, in, k, 1)), scope)
                    .get(0);
            if (k > 0 && k < in) {
                Matrix reflectors = scope.keep(byColumns(basis));
                Matrix scalars = scope.keep(layout.uninitialized(1, k, ElementType.F64));
                factorize(reflectors, scalars);
                reflect(reflectors, scalars, rest);
            }
            layout.copy(List.of(CudaCopy.transposed(rest, result)));
        }
    }

    /** The columns in float64, each stored as a row, as cuSOLVER reads them. */
    private Matrix byColumns(Matrix columns) {
        Matrix byColumns = layout.uninitialized(columns.cols(), columns.rows(), ElementType.F64);
        layout.copy(List.of(CudaCopy.transposed(columns, byColumns)));
        return byColumns;
    }

    /**
     * The sign of each diagonal entry of R. With them on the unit vectors, no column of the basis changes its sign.
     * Waits for the diagonal.
     */
    private double[] signs(Matrix factored) {
        int n = factored.rows();
        try (Matrix diagonal = layout.uninitialized(n, 1, ElementType.F64)) {
            Block entries = Block.of(factored, 0).withStride(factored.cols() + 1L);
            layout.copy(List.of(new CudaCopy(entries, Block.of(diagonal, 0), n, 1, false)));
            return Arrays.stream(diagonal.toDoubles())
                    .map(entry -> entry < 0 ? -1 : 1)
                    .toArray();
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
