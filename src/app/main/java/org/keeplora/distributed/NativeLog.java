package org.keeplora.distributed;

import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/**
 * Silences what c10d prints itself when a connection fails: C++ messages with their stack. Our errors say what matters
 * in them.
 */
final class NativeLog {
    /** The environment variable of libtorch with which a user can ask for those lines. */
    private static final String LEVEL = "TORCH_CPP_LOG_LEVEL";

    private static final int FATAL = 3;

    private NativeLog() {}

    /** Prints only fatal messages from now on, unless the user has chosen otherwise. */
    static void quieten() {
        Pointer level = Loader.addressof("FLAGS_caffe2_log_level");
        if (level != null && System.getenv(LEVEL) == null) {
            new IntPointer(level).put(FATAL);
        }
    }
}
