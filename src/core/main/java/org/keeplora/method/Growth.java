package org.keeplora.method;

import java.util.Optional;

/**
 * How one protected subspace grew: from empty by a weight, or by the features of one task.
 *
 * @param rankBefore columns of M before
 * @param rankAfter columns of M after
 * @param coveredBefore share of the energy of the weight or of the task's features inside the span of M before, in [0,
 *     1]; 1 if there is no energy
 * @param coveredAfter the same after
 * @param energy the covered share for every number of directions; empty if only {@link Detail#RANK} was asked for
 */
public record Growth(
        int rankBefore, int rankAfter, double coveredBefore, double coveredAfter, Optional<CumulativeEnergy> energy) {
    /** What is computed of a growth by features. */
    public enum Detail {
        /** The directions that are added, and what they cover. The work grows with their number. */
        RANK,
        /** The energy of every direction too, for reports, by the decomposition of all that is not protected. */
        SPECTRUM
    }
}
