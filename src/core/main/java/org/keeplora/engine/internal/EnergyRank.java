package org.keeplora.engine.internal;

/**
 * The number of leading directions that hold a share of the energy; see {@link BatchLinalg#energyRanks}.
 *
 * @param rank number of leading energies
 * @param coveredBefore share of the total that was covered without them, in [0, 1]; 1 if there is no energy
 * @param coveredAfter share that is covered with them
 */
public record EnergyRank(int rank, double coveredBefore, double coveredAfter) {}
