package org.keeplora.method.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.engine.Matrix;
import org.keeplora.method.CumulativeEnergy;
import org.keeplora.method.Growth;
import org.keeplora.method.Switches;

/** Spectra that are known without computation: those of diagonal matrices. */
abstract class CumulativeEnergyContract extends MethodContract {
    /** Rounding of sums of a hundred float64 numbers, and of the eigenvalues of a diagonal matrix. */
    private static final double ROUNDING = 1e-13;

    private static final int POINTS = 32;

    private WeightSubspace ofDiagonal(Switches.RankRule rule, double share, double... squares) {
        WeightSubspace kept = WeightSubspace.of(
                        linalg, List.of(diagonal(squares)), Switches.WeightBasis.INPUT, rule, share)
                .get(0);
        keep(kept.subspace());
        return kept;
    }

    /** [in x in] with {@code squares} as squared singular values; exact in float32 if their roots are. */
    private Matrix diagonal(double... squares) {
        float[] values = new float[squares.length * squares.length];
        for (int i = 0; i < squares.length; i++) {
            values[i * (squares.length + 1)] = (float) Math.sqrt(squares[i]);
        }
        return keep(linalg.adopt(Matrix.copyOf(squares.length, squares.length, values)));
    }

    /**
     * Checks whole and fractional numbers of directions: {@code held[c]} is the share of c directions, with straight
     * lines between.
     */
    private static void assertShares(double[] held, CumulativeEnergy energy) {
        assertEquals(held.length - 1, energy.in());
        for (int i = 0; i <= POINTS; i++) {
            double directions = (held.length - 1) * i / (double) POINTS;
            int whole = (int) Math.min(directions, held.length - 2);
            double expected = held[whole] + (directions - whole) * (held[whole + 1] - held[whole]);
            assertEquals(expected, energy.share(directions), ROUNDING, directions + " directions");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 32, 47, 64})
    void theCurveOfADiagonalWeightIsItsCumulativeEnergy(int in) {
        double[] squares = new double[in];
        double[] held = new double[in + 1];
        double total = in * (in + 1) * (2 * in + 1) / 6.0; // sum of the squares of 1 .. in
        for (int i = 0; i < in; i++) {
            int value = 1 + (7 * i + 3) % in; // in another order: 7 divides no width
            squares[i] = (double) value * value;
            held[i + 1] = held[i] + (in - i) * (in - i) / total;
        }
        WeightSubspace kept = ofDiagonal(Switches.RankRule.REACHING, 0.6, squares);
        PrincipalSubspace subspace = kept.subspace();
        Growth growth = kept.growth();
        assertShares(held, growth.energy().orElseThrow());
        Subspaces.assertIsASpectrum(growth);
        assertEquals(0, growth.rankBefore());
        assertEquals(0, growth.coveredBefore());
        assertEquals(subspace.rank(), growth.rankAfter());
        assertEquals(held[subspace.rank()], growth.coveredAfter(), ROUNDING);
        assertTrue(held[subspace.rank()] >= 0.6 && held[subspace.rank() - 1] < 0.6);
    }

    @Test
    void aCutBelowTheShareIsCoveredAsItIs() {
        Growth below = ofDiagonal(Switches.RankRule.COUNT_BELOW, 0.8, 1, 4, 1).growth();
        assertEquals(1, below.rankAfter());
        assertEquals(4 / 6.0, below.coveredAfter(), ROUNDING);
    }

    @Test
    void theCurveOfFeaturesBeginsWithWhatIsProtectedAndGoesOnOutside() {
        PrincipalSubspace subspace = // protects the third direction
                ofDiagonal(Switches.RankRule.REACHING, 0.9, 0, 0, 25, 1).subspace();
        Matrix samples = diagonal(1, 4, 9, 16);
        List<PrincipalSubspace.Extension> batch = List.of(new PrincipalSubspace.Extension(subspace, momentOf(samples)));
        Growth growth = PrincipalSubspace.extend(linalg, batch, site -> 0.8, Growth.Detail.SPECTRUM)
                .get(0);
        assertShares(
                new double[] {0.3, 0.3, 25 / 30.0, 29 / 30.0, 1},
                growth.energy().orElseThrow());
        Subspaces.assertIsASpectrum(growth);
        assertEquals(2, growth.rankAfter());
        assertEquals(25 / 30.0, growth.coveredAfter(), ROUNDING);

        Growth next = PrincipalSubspace.extend(linalg, batch, site -> 0.8, Growth.Detail.SPECTRUM)
                .get(0);
        assertShares(
                new double[] {25 / 30.0, 25 / 30.0, 25 / 30.0, 29 / 30.0, 1},
                next.energy().orElseThrow());
    }
}
