package org.keeplora.train;

import org.keeplora.distributed.Ranks;
import org.keeplora.engine.Linalg;

/**
 * What a run computes with, beside libtorch; its owner closes both.
 *
 * @param linalg of this process
 * @param ranks this process and the others that compute the same run
 */
public record Compute(Linalg linalg, Ranks ranks) {
    /** One process. */
    public static Compute alone(Linalg linalg) {
        return new Compute(linalg, Ranks.ALONE);
    }
}
