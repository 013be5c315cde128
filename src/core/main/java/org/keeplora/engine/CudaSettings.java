package org.keeplora.engine;

import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The settings of a {@link CudaKernels}.
 *
 * @param emulated whether the device is an emulation on the host, for tests
 * @param stream address of the caller's stream, or empty for a new one
 * @param keptShare largest part of the device's memory to keep for later matrices when matrices are closed
 * @param solver for eigenproblems
 */
record CudaSettings(boolean emulated, OptionalLong stream, double keptShare, Function<Cuda, CudaEigenSolver> solver) {
    /** Enough for all temporaries of a batch over ViT-B/16 on 16 GB, and leaves room for a network. */
    private static final double KEPT_SHARE = 0.25;

    /** The default settings. An emulated device keeps no memory, so that it detects every use after free. */
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
