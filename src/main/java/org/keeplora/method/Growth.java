package org.keeplora.method;

/**
 * How one protected subspace grew by one task.
 *
 * @param rankBefore columns of M before
 * @param rankAfter columns of M after
 * @param coveredBefore share of the task's feature energy inside the span of M before, in [0, 1]; 1 where there is no energy
 * @param coveredAfter the same after
 */
public record Growth(int rankBefore, int rankAfter, double coveredBefore, double coveredAfter) {}
