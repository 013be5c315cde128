package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.OptionalLong;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.keeplora.engine.internal.BatchLinalg;

/**
 * The CUDA backend for tests, on a GPU or on its emulation.
 *
 * <p>A test that needs it is skipped if it is not available, and the skip lists every reason;
 * {@code -Dkeeplora.requireBackend=cuda} turns that skip into a failure.
 */
public final class CudaDevice {
    private static final double KEPT_SHARE = 0.25;

    private CudaDevice() {}

    /** Opens it; the caller closes it. */
    public static BatchLinalg open() {
        Loader.load(openblas.class); // the emulated cuSOLVER uses it
        try {
            return BatchLinalg.open(BackendChoice.CUDA, 1);
        } catch (BackendUnavailable e) {
            if ("cuda".equals(System.getProperty("keeplora.requireBackend"))) {
                fail(e);
            }
            return abort(e.getMessage());
        }
    }

    /** As {@link #open}, but keeps freed memory, as on a GPU. By default an emulated device keeps none. */
    public static BatchLinalg openKeepingMemory() {
        try (BatchLinalg usual = open()) {
            boolean emulated = usual.backend().contains("emulated");
            CudaSettings settings =
                    CudaSettings.of(emulated, OptionalLong.empty()).keeping(KEPT_SHARE);
            return new CheckedLinalg(new CudaKernels(1, settings));
        }
    }
}
