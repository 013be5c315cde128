package org.keeplora.engine;

/**
 * How many leading directions hold a share of the energy; see {@link Linalg#energyRanks}.
 *
 * @param rank number of leading energies taken
 * @param coveredBefore share of the total that was covered without them, in [0, 1]; 1 where there is no energy
 * @param coveredAfter share that is covered with them
 */
public record EnergyRank(int rank, double coveredBefore, double coveredAfter) {}
