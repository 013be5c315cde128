package org.keeplora.engine;

/**
 * A question to {@link Linalg#energyRank}.
 *
 * @param energies squared singular values (or eigenvalues), descending
 * @param total energy that counts as all
 * @param covered energy that is covered before the first of {@code energies}
 * @param share of {@code total} to reach, in [0, 1]
 */
public record Spectrum(double[] energies, double total, double covered, double share) {}
