package org.keeplora.engine;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.keeplora.engine.internal.NativeCache;
import org.keeplora.engine.internal.Require;

/** The backend for {@link Linalg#open}. */
public enum BackendChoice {
    /** The fastest backend that this machine can run; one log line says which and why. */
    AUTO,
    /** OpenBLAS on the host. */
    CPU,
    /** cuBLAS and cuSOLVER; an error with every reason if it is not available. */
    CUDA;

    /** More are only taken on a machine with more processors: they would not be faster. */
    private static final int MOST_THREADS = 64;

    private static final System.Logger LOG = System.getLogger(BackendChoice.class.getName());

    /** @param stream of the caller, used by a backend on the GPU */
    LinalgKernels open(int threads, OptionalLong stream) {
        int most = Math.max(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        Require.that(threads >= 1 && threads <= most, "Linalg.open: %d threads; it must be 1 to %d", threads, most);
        NativeCache.prepare();
        NativeLibraries.obstacle().ifPresent(reason -> {
            throw new NativeLibraryProblem(reason);
        });
        return this == CPU ? new CpuKernels(threads) : cudaOrCpu(threads, stream);
    }

    private LinalgKernels cudaOrCpu(int threads, OptionalLong stream) {
        CudaSurvey survey = CudaSurvey.ofThisMachine();
        if (this == CUDA) {
            if (!survey.obstacles().isEmpty()) {
                throw new BackendUnavailable("cuda", survey.obstacles());
            }
            return opened(() -> new CudaKernels(threads, CudaSettings.of(survey.emulated(), stream)));
        }
        String reason = survey.brief();
        if (survey.obstacles().isEmpty() && !survey.emulated()) {
            try {
                LinalgKernels kernels = opened(() -> new CudaKernels(threads, CudaSettings.of(false, stream)));
                LOG.log(System.Logger.Level.INFO, "linear algebra on cuda: {0}", String.join("; ", survey.facts()));
                return kernels;
            } catch (BackendUnavailable e) {
                reason = e.getMessage();
            }
        }
        LOG.log(System.Logger.Level.INFO, "linear algebra on cpu ({0})", reason);
        LOG.log(System.Logger.Level.DEBUG, "why not cuda: {0}", String.join("; ", survey.obstacles()));
        return new CpuKernels(threads);
    }

    /** @throws BackendUnavailable if this process may not have the memory that the survey's process had */
    static LinalgKernels opened(Supplier<LinalgKernels> cuda) {
        try {
            return cuda.get();
        } catch (OutOfMemoryError e) {
            throw new BackendUnavailable("cuda", List.of(JavaCppMemory.advice(e)));
        }
    }
}
