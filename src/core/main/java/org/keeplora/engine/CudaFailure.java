package org.keeplora.engine;

/** A call of a CUDA library or of our kernels failed. */
public final class CudaFailure extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    CudaFailure(String function, String reason) {
        super(function + " failed: " + reason);
    }
}
