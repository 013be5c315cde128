package org.keeplora.engine;

import java.util.OptionalLong;

/** The backend for {@link Linalg#open}. */
public enum BackendChoice {
    /** The fastest backend that this machine can run; one log line says which and why. */
    AUTO,
    /** OpenBLAS on the host. */
    CPU,
    /** cuBLAS and cuSOLVER; an error with every reason if it is not available. */
    CUDA;

    private static final System.Logger LOG = System.getLogger(BackendChoice.class.getName());

    /** @param stream of the caller, used by a backend on the GPU */
    LinalgKernels open(int threads, OptionalLong stream) {
        Check.that(threads >= 1, "Linalg.open: %d threads; at least 1 is needed", threads);
        NativeCache.prepare();
        return this == CPU ? new CpuKernels(threads) : cudaOrCpu(threads, stream);
    }

    private LinalgKernels cudaOrCpu(int threads, OptionalLong stream) {
        CudaSurvey survey = CudaSurvey.ofThisMachine();
        if (this == CUDA) {
            if (!survey.obstacles().isEmpty()) {
                throw new BackendUnavailable("cuda", survey.obstacles());
            }
            return new CudaKernels(threads, CudaSettings.of(survey.emulated(), stream));
        }
        if (survey.obstacles().isEmpty() && !survey.emulated()) {
            LOG.log(System.Logger.Level.INFO, "linear algebra on cuda: {0}", String.join("; ", survey.facts()));
            return new CudaKernels(threads, CudaSettings.of(false, stream));
        }
        LOG.log(System.Logger.Level.INFO, "linear algebra on cpu ({0})", survey.brief());
        LOG.log(System.Logger.Level.DEBUG, "why not cuda: {0}", String.join("; ", survey.obstacles()));
        return new CpuKernels(threads);
    }
}
