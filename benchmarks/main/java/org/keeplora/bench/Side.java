package org.keeplora.bench;

import java.util.List;
import org.keeplora.engine.Matrix;

/** One problem with its inputs where a backend computes. */
interface Side extends AutoCloseable {
    /** What one shot makes, copied to the host; asked once, before the first shot. The caller closes it. */
    List<Matrix> results();

    /** Solves the problem once and waits for the device, by reading the norm of the last result, which is returned. */
    double shot();

    /** Undoes what a shot changed, and waits; for problems whose second shot would be another problem. */
    default void restore() {}

    @Override
    void close();
}
