package org.keeplora.engine;

/** Which backend {@link Linalg#open} takes. */
public enum BackendChoice {
    /** The fastest backend that this machine can run; one log line says which and why. */
    AUTO,
    /** OpenBLAS on the host. */
    CPU,
    /** cuBLAS and cuSOLVER; an error with every reason when it cannot be had. */
    CUDA
}
