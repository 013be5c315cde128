package org.keeplora.engine;

import java.util.OptionalLong;
import java.util.function.Function;

/**
 * How a {@link CudaKernels} works.
 *
 * @param emulated whether the device is an emulation on the host, for tests
 * @param stream address of the caller's stream, or empty for one of its own
 * @param keptShare of the device's memory that is kept at most when matrices are closed, for those to come
 * @param solver of its eigenproblems
 */
record CudaSettings(boolean emulated, OptionalLong stream, double keptShare, Function<Cuda, CudaEigenSolver> solver) {
    /** Enough for all temporaries of a batch over ViT-B/16 on 16 GB, and little enough for a network beside it. */
    private static final double KEPT_SHARE = 0.25;

    /** The usual ones; an emulated device keeps nothing, so that it sees every use of memory after its end. */
    static CudaSettings of(boolean emulated, OptionalLong stream) {
        return new CudaSettings(emulated, stream, emulated ? 0 : KEPT_SHARE, CudaXsyevBatched::new);
    }

    CudaSettings keeping(double share) {
        return new CudaSettings(emulated, stream, share, solver);
    }

    CudaSettings with(Function<Cuda, CudaEigenSolver> itsSolver) {
        return new CudaSettings(emulated, stream, keptShare, itsSolver);
    }
}
