package org.keeplora.engine;

import java.util.Optional;

/**
 * A question to {@link Linalg#energyRanks}.
 *
 * @param energies [n x 1] float64, squared singular values or eigenvalues, descending; negative ones (rounding) count as 0
 * @param moment float64, square, whose trace is the total energy; none where the energies themselves are the total. What the total has
 *     more than all energies counts as covered before the first of them
 * @param share of the total to reach, in [0, 1]
 */
public record Spectrum(Matrix energies, Optional<Matrix> moment, double share) {
    /** A share of the energies' own sum. */
    public static Spectrum of(Matrix energies, double share) {
        return new Spectrum(energies, Optional.empty(), share);
    }

    /** A share of the trace of {@code moment}, of which {@code energies} are what is not yet covered. */
    public static Spectrum leftOf(Matrix moment, Matrix energies, double share) {
        return new Spectrum(energies, Optional.of(moment), share);
    }
}
