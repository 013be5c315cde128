package org.keeplora.engine;

import static org.bytedeco.cuda.global.cublas.CUBLAS_FILL_MODE_UPPER;
import static org.bytedeco.cuda.global.cusolver.CUSOLVER_EIG_MODE_VECTOR;
import static org.bytedeco.cuda.global.cusolver.cusolverDnCreateSyevjInfo;
import static org.bytedeco.cuda.global.cusolver.cusolverDnDestroySyevjInfo;
import static org.bytedeco.cuda.global.cusolver.cusolverDnDsyevjBatched;
import static org.bytedeco.cuda.global.cusolver.cusolverDnDsyevjBatched_bufferSize;

import org.bytedeco.cuda.cusolver.syevjInfo;
import org.bytedeco.javacpp.IntPointer;

/** Jacobi rotations with cuSOLVER's defaults: to machine precision, eigenvalues sorted ascending. */
final class SyevjBatched implements CudaEigenSolver {
    private final Cuda cuda;

    SyevjBatched(Cuda cuda) {
        this.cuda = cuda;
    }

    @Override
    public void enqueue(int n, int count, Matrix matrices, Matrix values, IntPointer infos) {
        syevjInfo parameters = new syevjInfo();
        Cuda.checkSolver("cusolverDnCreateSyevjInfo", cusolverDnCreateSyevjInfo(parameters));
        try (IntPointer size = new IntPointer(1)) {
            Cuda.checkSolver(
                    "cusolverDnDsyevjBatched_bufferSize",
                    cusolverDnDsyevjBatched_bufferSize(
                            cuda.solver(),
                            CUSOLVER_EIG_MODE_VECTOR,
                            CUBLAS_FILL_MODE_UPPER,
                            n,
                            matrices.doubles(),
                            n,
                            values.doubles(),
                            size,
                            parameters,
                            count));
            try (CudaArray workspace = new CudaArray(cuda, (long) size.get() * Double.BYTES)) {
                Cuda.checkSolver(
                        "cusolverDnDsyevjBatched",
                        cusolverDnDsyevjBatched(
                                cuda.solver(),
                                CUSOLVER_EIG_MODE_VECTOR,
                                CUBLAS_FILL_MODE_UPPER,
                                n,
                                matrices.doubles(),
                                n,
                                values.doubles(),
                                workspace.doubles(0),
                                size.get(),
                                infos,
                                parameters,
                                count));
            }
        } finally {
            Cuda.checkSolver("cusolverDnDestroySyevjInfo", cusolverDnDestroySyevjInfo(parameters));
        }
    }
}
