package org.keeplora.engine;

import static org.bytedeco.cuda.global.cublas.CUBLAS_FILL_MODE_UPPER;
import static org.bytedeco.cuda.global.cudart.CUDA_R_64F;
import static org.bytedeco.cuda.global.cusolver.CUSOLVER_EIG_MODE_VECTOR;
import static org.bytedeco.cuda.global.cusolver.cusolverDnXsyevd;
import static org.bytedeco.cuda.global.cusolver.cusolverDnXsyevd_bufferSize;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.SizeTPointer;

/** Divide and conquer, one matrix after the other in one workspace. */
final class XsyevdEach implements CudaEigenSolver {
    private final Cuda cuda;

    XsyevdEach(Cuda cuda) {
        this.cuda = cuda;
    }

    @Override
    public void enqueue(int n, int count, Matrix matrices, Matrix values, IntPointer infos) {
        try (SizeTPointer deviceBytes = new SizeTPointer(1);
                SizeTPointer hostBytes = new SizeTPointer(1)) {
            Cuda.checkSolver(
                    "cusolverDnXsyevd_bufferSize",
                    cusolverDnXsyevd_bufferSize(
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
                            hostBytes));
            try (CudaArray workspace = new CudaArray(cuda, deviceBytes.get());
                    BytePointer hostWorkspace = new BytePointer(Math.max(1, hostBytes.get()))) {
                for (int i = 0; i < count; i++) {
                    Cuda.checkSolver(
                            "cusolverDnXsyevd",
                            cusolverDnXsyevd(
                                    cuda.solver(),
                                    cuda.solverParameters(),
                                    CUSOLVER_EIG_MODE_VECTOR,
                                    CUBLAS_FILL_MODE_UPPER,
                                    n,
                                    CUDA_R_64F,
                                    matrices.doubles().getPointer((long) i * n * n),
                                    n,
                                    CUDA_R_64F,
                                    values.doubles().getPointer((long) i * n),
                                    CUDA_R_64F,
                                    workspace.bytes(),
                                    deviceBytes.get(),
                                    hostWorkspace,
                                    hostBytes.get(),
                                    infos.getPointer(i)));
                }
            }
        }
    }
}
