package org.keeplora.method.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.NonFiniteInput;
import org.keeplora.method.Switches;

/** Batches without a problem, with one that fails, with a moment for several sites, and with nothing left to learn. */
abstract class EdgeCasesContract extends MethodContract {
    @Test
    void nothingIsLeftOpenOfAProblemThatFails() {
        PrincipalSubspace whole = ofWeight(keep(linalg.transpose(decaying(OUT, IN, 1))), 0.3);
        PrincipalSubspace other = ofWeight(keep(linalg.transpose(decaying(OUT, IN, 2))), 0.8);
        Matrix moment = momentOf(decaying(SAMPLES, IN, 3));
        double[] holed = new double[IN * IN];
        holed[IN] = Double.NaN;
        Matrix nan = keep(linalg.adopt(Matrix.copyOf(IN, IN, holed)));
        float[] values = new float[IN * OUT];
        values[OUT] = Float.NaN;
        Matrix broken = keep(linalg.adopt(Matrix.copyOf(IN, OUT, values)));
        Matrix gradient = decaying(IN, OUT, 4);
        long before = Matrix.open();
        assertThrows(
                IllegalArgumentException.class,
                () -> PrincipalSubspace.extend(
                        linalg,
                        List.of(
                                new PrincipalSubspace.Extension(whole, moment),
                                new PrincipalSubspace.Extension(other, nan)),
                        0.9));
        assertEquals(before, Matrix.open());
        assertThrows(
                NonFiniteInput.class,
                () -> LoraStart.factors(
                        linalg,
                        List.of(new LoraStart(other, gradient, 1), new LoraStart(whole, broken, 1)),
                        5,
                        Switches.StartB.ZERO));
        assertEquals(before, Matrix.open());
        assertThrows(
                NonFiniteInput.class,
                () -> WeightSubspace.of(
                        linalg,
                        List.of(gradient, broken),
                        Switches.WeightBasis.INPUT,
                        Switches.RankRule.REACHING,
                        0.5));
        assertEquals(before, Matrix.open());
    }

    @Test
    void noProblemsHaveNoResults() {
        long before = Matrix.open();
        PrincipalSubspace.projectOut(linalg, List.of());
        SecondMoment.add(linalg, List.of());
        assertEquals(List.of(), PrincipalSubspace.extend(linalg, List.of(), 0.5));
        assertEquals(List.of(), LoraStart.factors(linalg, List.of(), 4, Switches.StartB.ZERO));
        assertEquals(
                List.of(),
                WeightSubspace.of(linalg, List.of(), Switches.WeightBasis.INPUT, Switches.RankRule.REACHING, 0.5));
        assertEquals(before, Matrix.open());
    }

    @Test
    void oneMomentServesSeveralSites() {
        Matrix moment = momentOf(decaying(SAMPLES, IN, 3));
        PrincipalSubspace one = ofWeight(keep(linalg.transpose(decaying(OUT, IN, 1))), 0.3);
        PrincipalSubspace two = keep(PrincipalSubspace.empty(linalg, IN));
        PrincipalSubspace alone = keep(PrincipalSubspace.empty(linalg, IN));
        PrincipalSubspace.extend(
                linalg,
                List.of(new PrincipalSubspace.Extension(one, moment), new PrincipalSubspace.Extension(two, moment)),
                0.9);
        PrincipalSubspace.extend(linalg, List.of(new PrincipalSubspace.Extension(alone, moment)), 0.9);
        assertArrayEquals(basisOf(alone).toFloats(), basisOf(two).toFloats());
        LoraFactors start = keep(
                LoraStart.factors(linalg, List.of(new LoraStart(one, decaying(IN, OUT, 6), 7)), 5, Switches.StartB.ZERO)
                        .get(0));
        assertOutside(one, start.a());
    }

    @Test
    void aFullSubspaceLeavesNothingToLearn() {
        Matrix identity = keep(linalg.convert(identity(IN), ElementType.F32));
        PrincipalSubspace full = keep(PrincipalSubspace.ofBasis(linalg, identity));
        Matrix gradient = decaying(IN, OUT, 2);
        long before = Matrix.open();
        try (LoraFactors start = LoraStart.factors(
                        linalg, List.of(new LoraStart(full, gradient, 7)), 4, Switches.StartB.GRADIENT)
                .get(0)) {
            assertEquals("[47 x 0] F32", start.a().toString());
            assertEquals("[0 x 29] F32", start.b().toString());
        }
        PrincipalSubspace.projectOut(linalg, List.of(new PrincipalSubspace.Residual(full, gradient)));
        assertEquals(0, Subspaces.largest(gradient));
        assertEquals(before, Matrix.open());
    }
}
