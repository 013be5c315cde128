package org.keeplora.bench;

import org.keeplora.engine.BackendChoice;

/** The implementations that suites of one operation time. */
public enum Backend {
    /** Our engine with OpenBLAS. */
    CPU,
    /** Our engine with cuBLAS, cuSOLVER and our kernels. */
    CUDA,
    /** Compared with {@link #CPU}: the same operation as a user of libtorch writes it, on the host. */
    TORCH_CPU,
    /** Compared with {@link #CUDA}: the same operation as a user of libtorch writes it, on the GPU. */
    TORCH_CUDA;

    /** Whether libtorch does the computation. */
    boolean torch() {
        return this == TORCH_CPU || this == TORCH_CUDA;
    }

    /** The engine's name of one of our backends. */
    BackendChoice choice() {
        return BackendChoice.valueOf(name());
    }
}
