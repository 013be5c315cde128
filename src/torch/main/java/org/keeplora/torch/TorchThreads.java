package org.keeplora.torch;

import org.bytedeco.pytorch.global.torch;
import org.keeplora.engine.internal.BlasThreads;

/** The number of threads with which libtorch computes on the host. */
public final class TorchThreads {
    private TorchThreads() {}

    /** Sets the number of libtorch's own threads and of OpenBLAS, which computes its matrix products. */
    public static void set(int threads) {
        Libtorch.load();
        torch.set_num_threads(threads);
        BlasThreads.set(threads);
    }
}
