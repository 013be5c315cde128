package org.keeplora.compare;

import java.util.Map;
import java.util.function.Supplier;

/** What computes. */
interface Side extends AutoCloseable {
    /** Library, version and kernels in one line. */
    String facts();

    /** Its operations by name; a supplier makes the operands. */
    Map<String, Supplier<Operation>> operations(Inputs inputs);

    @Override
    default void close() {}
}
