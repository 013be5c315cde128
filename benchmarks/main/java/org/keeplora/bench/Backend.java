package org.keeplora.bench;

import org.keeplora.engine.BackendChoice;

/** What computes, in the suites that time one operation. */
public enum Backend {
    /** Our engine, OpenBLAS. */
    CPU,
    /** Our engine, cuBLAS, cuSOLVER and our kernels. */
    CUDA,
    /** The peer of {@link #CPU}: the same operation as a user of libtorch writes it, on the host. */
    TORCH_CPU,
    /** The peer of {@link #CUDA}: the same on the GPU. */
    TORCH_CUDA;

    /** Whether libtorch computes. */
    boolean torch() {
        return this == TORCH_CPU || this == TORCH_CUDA;
    }

    /** The engine's name of one of ours. */
    BackendChoice choice() {
        return BackendChoice.valueOf(name());
    }
}
