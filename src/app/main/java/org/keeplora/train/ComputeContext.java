package org.keeplora.train;

import org.keeplora.distributed.ProcessGroup;
import org.keeplora.engine.Linalg;

/**
 * What a run computes with, beside libtorch; its owner closes both.
 *
 * @param linalg of this process
 * @param processGroup this process and the others that compute the same run
 */
public record ComputeContext(Linalg linalg, ProcessGroup processGroup) {
    /** One process. */
    public static ComputeContext alone(Linalg linalg) {
        return new ComputeContext(linalg, ProcessGroup.SINGLE);
    }
}
