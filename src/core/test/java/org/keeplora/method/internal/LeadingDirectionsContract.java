package org.keeplora.method.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.KnownSpectrum;
import org.keeplora.engine.Matrix;
import org.keeplora.method.Growth;
import org.keeplora.method.internal.PrincipalSubspace.Extension;

/** Growth by the directions that are added, against the full decomposition, on layers wide enough for both ways. */
abstract class LeadingDirectionsContract extends MethodContract {
    private static final int WIDE = 448;
    private static final double LARGEST_SINE = 1e-5;

    /** λ_i: the leading ones hold {@code share}, the others fall slowly, as what is left of real features does. */
    private static KnownSpectrum spectrum(int leading, double share) {
        double held = 0;
        double rest = 0;
        for (int i = 0; i < WIDE; i++) {
            held += i < leading ? 1.0 / (1 + i) : 0;
            rest += i < leading ? 0 : Math.pow(1 + i - leading, -0.6);
        }
        double first = share / held;
        double other = (1 - share) / rest;
        return new KnownSpectrum(WIDE, 5, i -> i < leading ? first / (1 + i) : other * Math.pow(1 + i - leading, -0.6));
    }

    private PrincipalSubspace protecting(KnownSpectrum known, int from, int to) {
        try (Matrix wide = known.vectors(linalg, from, to);
                Matrix basis = linalg.convert(wide, ElementType.F32)) {
            return keep(PrincipalSubspace.ofBasis(linalg, basis));
        }
    }

    private Growth grow(PrincipalSubspace subspace, Matrix moment, double share, Growth.Detail detail) {
        return PrincipalSubspace.extend(linalg, List.of(new Extension(subspace, moment)), site -> share, detail)
                .get(0);
    }

    /** Before: directions protected; held: the part of the energy inside; the rest asks for 0 to 80 more. */
    @ParameterizedTest
    @CsvSource({
        "61, 0.987, 0.99",
        "61, 0.995, 0.99",
        "150, 0.95, 0.955",
        "300, 0.987, 0.99",
        "300, 0.995, 0.99",
        "61, 0.8, 0.9",
        "200, 0.987, 0.99",
        "0, 0.987, 0.05",
        "61, 0.987, 1"
    })
    void bothWaysAddTheSameDirections(int directions, double held, double share) {
        KnownSpectrum known = spectrum(Math.max(1, directions), held);
        Matrix moment = keep(known.matrix(linalg));
        PrincipalSubspace few = protecting(known, 0, directions);
        PrincipalSubspace all = protecting(known, 0, directions);
        Growth byRank = grow(few, moment, share, Growth.Detail.RANK);
        Growth bySpectrum = grow(all, moment, share, Growth.Detail.SPECTRUM);
        assertEquals(bySpectrum.rankAfter(), byRank.rankAfter());
        assertEquals(bySpectrum.coveredBefore(), byRank.coveredBefore(), 1e-12);
        assertEquals(bySpectrum.coveredAfter(), byRank.coveredAfter(), 1e-12);
        assertTrue(byRank.energy().isEmpty());
        assertTrue(Subspaces.largestAngleSine(linalg, basisOf(few), basisOf(all)) <= LARGEST_SINE);
        assertTrue(Subspaces.deviationFromOrthonormal(linalg, basisOf(few)) <= Subspaces.tolerance(WIDE));
    }

    /** Protected are directions that are no eigenvectors, as those of an earlier task. */
    @Test
    void bothWaysAgreeOnTheMomentOfAnotherTask() {
        KnownSpectrum earlier = new KnownSpectrum(WIDE, 8, i -> 1);
        Matrix moment = keep(new KnownSpectrum(WIDE, 9, i -> Math.pow(1 + i, -1.5)).matrix(linalg));
        PrincipalSubspace few = protecting(earlier, 0, 40);
        PrincipalSubspace all = protecting(earlier, 0, 40);
        for (double share : new double[] {0.5, 0.8, 0.9}) {
            Growth byRank = grow(few, moment, share, Growth.Detail.RANK);
            Growth bySpectrum = grow(all, moment, share, Growth.Detail.SPECTRUM);
            assertEquals(bySpectrum.rankAfter(), byRank.rankAfter());
            assertEquals(bySpectrum.coveredBefore(), byRank.coveredBefore(), 1e-7); // bases are float32
            assertTrue(Subspaces.largestAngleSine(linalg, basisOf(few), basisOf(all)) <= LARGEST_SINE);
        }
    }
}
