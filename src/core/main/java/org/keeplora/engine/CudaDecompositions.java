package org.keeplora.engine;

import static org.bytedeco.cuda.global.cusolver.cusolverDnDgesvd;
import static org.bytedeco.cuda.global.cusolver.cusolverDnDgesvd_bufferSize;
import static org.bytedeco.cuda.global.cusolver.cusolverDnSgesvd;
import static org.bytedeco.cuda.global.cusolver.cusolverDnSgesvd_bufferSize;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.keeplora.engine.internal.Svd;

/**
 * Singular value decompositions on cuSOLVER, one problem after the other. Exact ones serve studies and problems that
 * the range finder cannot solve.
 *
 * <p>cuSOLVER reads by columns and requires at least as many rows as columns. A wide row-major matrix fulfils this; a
 * tall one is transposed first.
 */
final class CudaDecompositions {
    private final Cuda cuda;
    private final CudaLayout layout;

    CudaDecompositions(Cuda cuda, CudaLayout layout) {
        this.cuda = cuda;
        this.layout = layout;
    }

    List<Svd> svd(List<Matrix> batch) {
        return batch.stream().map(this::svd).toList();
    }

    Svd svd(Matrix matrix) {
        int p = Math.min(matrix.rows(), matrix.cols());
        if (p == 0) {
            return new Svd(
                    layout.uninitialized(matrix.rows(), 0, matrix.type()),
                    new double[0],
                    layout.uninitialized(0, matrix.cols(), matrix.type()));
        }
        if (matrix.rows() <= matrix.cols()) {
            try (Matrix work = layout.convert(matrix, matrix.type())) {
                return ofTransposeByColumns(work);
            }
        }
        try (Matrix work = layout.transpose(matrix);
                Svd transposed = ofTransposeByColumns(work)) {
            return new Svd(
                    layout.transpose(transposed.right()), transposed.values(), layout.transpose(transposed.left()));
        }
    }

    /**
     * Decomposes {@code work} [p x n], p ≤ n, and overwrites it. Read by columns it is its transpose, so left and right
     * swap roles.
     */
    private Svd ofTransposeByColumns(Matrix work) {
        int p = work.rows();
        Matrix left = layout.uninitialized(p, p, work.type());
        Matrix right = layout.uninitialized(p, work.cols(), work.type());
        try (Matrix values = layout.uninitialized(1, p, work.type());
                CudaArray info = new CudaArray(cuda, Integer.BYTES)) {
            if (work.type() == ElementType.F32) {
                single(work, values, right, left, info);
            } else {
                doubles(work, values, right, left, info);
            }
            requireConverged("svd", work.toString(), info);
            return new Svd(left, values.toDoubles(), right);
        }
    }

    private void single(Matrix work, Matrix values, Matrix u, Matrix v, CudaArray info) {
        int m = work.cols();
        int n = work.rows();
        try (IntPointer size = new IntPointer(1)) {
            Cuda.checkSolver("cusolverDnSgesvd_bufferSize", cusolverDnSgesvd_bufferSize(cuda.solver(), m, n, size));
            try (CudaArray workspace = new CudaArray(cuda, (long) size.get() * Float.BYTES)) {
                Cuda.checkSolver(
                        "cusolverDnSgesvd",
                        cusolverDnSgesvd(
                                cuda.solver(),
                                (byte) 'S',
                                (byte) 'S',
                                m,
                                n,
                                work.floats(),
                                m,
                                values.floats(),
                                u.floats(),
                                m,
                                v.floats(),
                                n,
                                workspace.floats(0),
                                size.get(),
                                (FloatPointer) null,
                                info.ints(0)));
            }
        }
    }

    private void doubles(Matrix work, Matrix values, Matrix u, Matrix v, CudaArray info) {
        int m = work.cols();
        int n = work.rows();
        try (IntPointer size = new IntPointer(1)) {
            Cuda.checkSolver("cusolverDnDgesvd_bufferSize", cusolverDnDgesvd_bufferSize(cuda.solver(), m, n, size));
            try (CudaArray workspace = new CudaArray(cuda, (long) size.get() * Double.BYTES)) {
                Cuda.checkSolver(
                        "cusolverDnDgesvd",
                        cusolverDnDgesvd(
                                cuda.solver(),
                                (byte) 'S',
                                (byte) 'S',
                                m,
                                n,
                                work.doubles(),
                                m,
                                values.doubles(),
                                u.doubles(),
                                m,
                                v.doubles(),
                                n,
                                workspace.doubles(0),
                                size.get(),
                                (DoublePointer) null,
                                info.ints(0)));
            }
        }
    }

    /** Throws if cuSOLVER reports that a problem did not converge. */
    static void requireConverged(String operation, String problem, CudaArray info) {
        int[] infos = info.readInts();
        if (Arrays.stream(infos).anyMatch(value -> value != 0)) {
            throw new IllegalStateException(operation + " of " + problem + " failed: cuSOLVER info "
                    + Arrays.toString(infos) + " (above 0: it did not converge)");
        }
    }
}
