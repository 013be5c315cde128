package org.keeplora.bench;

import java.util.List;
import org.keeplora.engine.Matrix;

/** One problem and its inputs, at the place where an implementation computes. */
interface Side extends AutoCloseable {
    /**
     * The results of one shot, copied to the host; called once, before the first timed shot. The caller closes them.
     */
    List<Matrix> results();

    /** Solves the problem once. Reads and returns the norm of the last result, which waits for the device. */
    double shot();

    /** Undoes the changes of a shot and waits; for problems that a shot would change. */
    default void restore() {}

    @Override
    void close();
}
