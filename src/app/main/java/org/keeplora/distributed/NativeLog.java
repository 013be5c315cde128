package org.keeplora.distributed;

import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/**
 * What c10d prints by itself when a connection fails: lines of C++ and its stack, of which our errors say what matters.
 */
final class NativeLog {
    /** Libtorch's own variable of the process, with which a user can ask for those lines. */
    private static final String LEVEL = "TORCH_CPP_LOG_LEVEL";

    private static final int FATAL = 3;

    private NativeLog() {}

    /** From now on only what ends the process is printed, unless the user has chosen otherwise. */
    static void quieten() {
        Pointer level = Loader.addressof("FLAGS_caffe2_log_level");
        if (level != null && System.getenv(LEVEL) == null) {
            new IntPointer(level).put(FATAL);
        }
    }
}
