package org.keeplora.torch;

import org.bytedeco.pytorch.global.torch;
import org.keeplora.engine.BlasThreads;

/** How many threads libtorch computes with on the host. */
public final class TorchThreads {
    private TorchThreads() {}

    /** From now on: its own threads, and those of OpenBLAS, which computes its matrix products. */
    public static void set(int threads) {
        Libtorch.load();
        torch.set_num_threads(threads);
        BlasThreads.set(threads);
    }
}
