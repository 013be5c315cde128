package org.keeplora.method;

/**
 * How one protected subspace grew: from empty by a weight, or by the features of one task.
 *
 * @param rankBefore columns of M before
 * @param rankAfter columns of M after
 * @param coveredBefore share of the energy of the weight or of the task's features inside the span of M before, in [0,
 *     1]; 1 if there is no energy
 * @param coveredAfter the same after
 * @param energy the covered share for every number of directions
 */
public record Growth(
        int rankBefore, int rankAfter, double coveredBefore, double coveredAfter, CumulativeEnergy energy) {}
