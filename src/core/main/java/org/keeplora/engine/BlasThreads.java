package org.keeplora.engine;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;

/**
 * Threads of OpenBLAS. There is one pool in a process, and libtorch's matrix products run in it too; unless it is set,
 * it has a thread for every core that the process may use, whatever libtorch's own number is.
 */
public final class BlasThreads {
    private BlasThreads() {}

    /** How many OpenBLAS computes with. */
    public static int count() {
        return openblas.blas_get_num_threads();
    }

    /**
     * For all that OpenBLAS computes from now on. Takes 0.3 ms where it changes, as the preset looks the function up
     * anew each time.
     */
    public static void set(int threads) {
        if (threads != count()) {
            try (PointerScope scope = new PointerScope()) { // frees what was looked up
                openblas.blas_set_num_threads(threads);
            }
        }
    }
}
