package org.keeplora.engine;

import java.util.Objects;
import java.util.Optional;

/**
 * A problem for {@link Linalg#energyRanks}.
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

    void require(OperandCheck operands) {
        Check.that(share >= 0 && share <= 1, "energyRanks: share is %s; it must lie in [0, 1]", share);
        Check.shapes(
                energies.cols() == 1 && energies.type() == ElementType.F64,
                "energyRanks: energies are %s; they must be one float64 column",
                energies);
        operands.read("energies", energies);
        moment.ifPresent(total -> {
            Check.shapes(
                    total.rows() == total.cols() && total.type() == ElementType.F64,
                    "energyRanks: moment is %s; it must be square and float64",
                    total);
            operands.read("moment", total);
        });
    }
}
