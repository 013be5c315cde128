package org.keeplora.engine.internal;

import java.util.Objects;
import java.util.Optional;
import org.keeplora.engine.Matrix;

/**
 * A problem for {@link BatchLinalg#energyRanks}.
 *
 * @param energies [n x 1] float64, squared singular values or eigenvalues, descending; negative ones (rounding) count
 *     as 0
 * @param share of the total to reach, in [0, 1]
 * @param moment float64, square, whose trace is the total energy; empty if the energies are the total. The part of the
 *     total beyond all energies counts as already covered
 */
public record Spectrum(Matrix energies, double share, Optional<Matrix> moment) {
    public Spectrum {
        Objects.requireNonNull(energies, "Spectrum: energies are null");
        Objects.requireNonNull(moment, "Spectrum: moment is null; it may be empty");
    }

    /** A share of the sum of the energies. */
    public static Spectrum of(Matrix energies, double share) {
        return new Spectrum(energies, share, Optional.empty());
    }

    /** A share of the trace of {@code moment}; {@code energies} is the part of it that is not yet covered. */
    public static Spectrum leftOf(Matrix energies, double share, Matrix moment) {
        return new Spectrum(energies, share, Optional.of(moment));
    }
}
