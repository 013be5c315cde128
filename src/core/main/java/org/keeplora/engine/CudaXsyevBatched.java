package org.keeplora.engine;

import static org.bytedeco.cuda.global.cublas.CUBLAS_FILL_MODE_UPPER;
import static org.bytedeco.cuda.global.cudart.CUDA_R_64F;
import static org.bytedeco.cuda.global.cusolver.CUSOLVER_EIG_MODE_VECTOR;
import static org.bytedeco.cuda.global.cusolver.cusolverDnXsyevBatched;
import static org.bytedeco.cuda.global.cusolver.cusolverDnXsyevBatched_bufferSize;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * All problems in one call of {@code cusolverDnXsyevBatched}, which chooses its method by size. The upper triangle by
 * columns is the lower by rows.
 */
final class CudaXsyevBatched implements CudaEigenSolver {
    private final Cuda cuda;

    CudaXsyevBatched(Cuda cuda) {
        this.cuda = cuda;
    }

    @Override
    public void enqueue(int n, int count, Matrix matrices, Matrix values, IntPointer infos) {
        try (SizeTPointer deviceBytes = new SizeTPointer(1);
                SizeTPointer hostBytes = new SizeTPointer(1)) {
            Cuda.checkSolver(
                    "cusolverDnXsyevBatched_bufferSize",
                    cusolverDnXsyevBatched_bufferSize(
                            cuda.solver(),
                            cuda.solverParameters(),
                            CUSOLVER_EIG_MODE_VECTOR,
                            CUBLAS_FILL_MODE_UPPER,
                            n,
                            CUDA_R_64F,
                            matrices.doubles(),
                            n,
                            CUDA_R_64F,
                            values.doubles(),
                            CUDA_R_64F,
                            deviceBytes,
                            hostBytes,
                            count));
            try (CudaArray workspace = new CudaArray(cuda, deviceBytes.get());
                    BytePointer hostWorkspace = new BytePointer(Math.max(1, hostBytes.get()))) {
                Cuda.checkSolver(
                        "cusolverDnXsyevBatched",
                        cusolverDnXsyevBatched(
                                cuda.solver(),
                                cuda.solverParameters(),
                                CUSOLVER_EIG_MODE_VECTOR,
                                CUBLAS_FILL_MODE_UPPER,
                                n,
                                CUDA_R_64F,
                                matrices.doubles(),
                                n,
                                CUDA_R_64F,
                                values.doubles(),
                                CUDA_R_64F,
                                workspace.bytes(),
                                deviceBytes.get(),
                                hostWorkspace,
                                hostBytes.get(),
                                infos,
                                count));
            }
        }
    }
}
