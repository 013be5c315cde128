package org.keeplora.method.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.InjectedFailures;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Projector;
import org.keeplora.method.Switches;

/** Whatever fails in a step of the method: nothing stays open, and the operands can be read. */
abstract class FailureSafetyContract extends MethodContract {
    private static final double SHARE = 0.7;

    /** [IN x OUT], and [SAMPLES x IN] for the moments. */
    private List<Matrix> operands() {
        return List.of(decaying(IN, OUT, 1), decaying(IN, OUT, 2), decaying(SAMPLES, IN, 3));
    }

    private void inject(List<Matrix> operands, Consumer<BatchLinalg> operation) {
        InjectedFailures.everywhere(linalg, operands, operation);
    }

    @Test
    void subspacesOfWeights() {
        List<Matrix> weights = operands().subList(0, 2);
        inject(weights, failing -> PrincipalSubspace.ofWeights(failing, weights, SHARE)
                .forEach(PrincipalSubspace::close));
        Matrix square = decaying(OUT, OUT, 4);
        inject(List.of(square), failing -> WeightSubspace.of(
                        failing,
                        List.of(square, square),
                        Switches.WeightBasis.OUTPUT,
                        Switches.RankRule.REACHING,
                        SHARE)
                .forEach(weight -> weight.subspace().close()));
    }

    @Test
    void storedSubspaces() {
        PrincipalSubspace small = ofWeight(decaying(IN, OUT, 1), 0.5);
        Matrix wide = keep(linalg.complement(List.of(keep(small.basis(linalg)))).get(0));
        inject(List.of(wide), failing -> {
            PrincipalSubspace.empty(failing, IN).close();
            PrincipalSubspace.of(failing, Projector.onto(wide)).close();
            try (PrincipalSubspace whole = PrincipalSubspace.ofBasis(failing, wide)) {
                whole.basis(failing).close();
            }
        });
    }

    @Test
    void starts() {
        List<Matrix> operands = operands();
        PrincipalSubspace large = ofWeight(operands.get(1), 0.999);
        PrincipalSubspace small = ofWeight(operands.get(0), 0.3);
        List<LoraStart> starts = List.of(
                new LoraStart(small, operands.get(0), 1),
                new LoraStart(large, operands.get(1), 2),
                new LoraStart(small, keep(linalg.zeros(IN, OUT, ElementType.F32)), 3));
        for (Switches.StartB startB : Switches.StartB.values()) {
            inject(operands, failing -> LoraStart.factors(failing, starts, 5, startB)
                    .forEach(LoraFactors::close));
        }
    }

    @Test
    void projections() {
        List<Matrix> operands = operands();
        PrincipalSubspace large = ofWeight(operands.get(1), 0.999);
        inject(
                operands,
                failing -> PrincipalSubspace.projectOut(
                        failing, List.of(new PrincipalSubspace.Residual(large, operands.get(0)))));
    }

    /** A batch that fails leaves all its subspaces as they were. */
    @Test
    void growth() {
        List<Matrix> operands = operands();
        Matrix moment = momentOf(operands.get(2));
        PrincipalSubspace before = ofWeight(operands.get(0), 0.3);
        float[] basis = before.projector().basis().toFloats();
        List<Matrix> read = List.of(moment, before.projector().basis());
        inject(read, failing -> {
            try (PrincipalSubspace one = PrincipalSubspace.of(failing, before.projector());
                    PrincipalSubspace two = PrincipalSubspace.empty(failing, IN)) {
                try {
                    PrincipalSubspace.extend(
                            failing,
                            List.of(
                                    new PrincipalSubspace.Extension(one, moment),
                                    new PrincipalSubspace.Extension(two, moment)),
                            0.95);
                } catch (OutOfMemoryError e) {
                    assertEquals(0, two.rank());
                    assertArrayEquals(basis, one.projector().basis().toFloats());
                    throw e;
                }
            }
        });
    }

    @Test
    void momentsAndMeans() {
        List<Matrix> operands = operands();
        Matrix samples = operands.get(2);
        inject(operands, failing -> {
            try (SecondMoment one = new SecondMoment(failing, IN);
                    SecondMoment two = new SecondMoment(failing, OUT)) {
                SecondMoment.add(
                        failing,
                        List.of(new SecondMoment.Update(one, samples), new SecondMoment.Update(two, operands.get(0))));
            }
        });
        inject(operands, failing -> {
            try (SlotMean mean = new SlotMean()) {
                mean.add(failing, samples);
                mean.add(failing, samples);
                mean.mean(failing).close();
                mean.secondMoment(failing).close();
            }
        });
    }

    @Test
    void aMeanWithoutABatchStaysOneWhenTheFirstFails() {
        try (SlotMean mean = new SlotMean();
                Matrix broken = linalg.adopt(Matrix.copyOf(1, 1, new float[] {Float.NaN}))) {
            assertThrows(IllegalArgumentException.class, () -> mean.add(linalg, broken));
            assertThrows(IllegalStateException.class, () -> mean.mean(linalg));
        }
    }

    @Test
    void aMomentIsInABatchOnce() {
        Matrix samples = operands().get(2);
        try (SecondMoment moment = new SecondMoment(linalg, IN)) {
            SecondMoment.Update update = new SecondMoment.Update(moment, samples);
            refused(
                    "SecondMoment.add: the moment of update 1, [47 x 47] F64, is in the batch twice;"
                            + " add its samples one after the other",
                    () -> SecondMoment.add(linalg, List.of(update, update)));
            assertEquals(0, Subspaces.largest(moment.value(linalg)));
        }
    }

    @Test
    void argumentsAreCheckedBeforeTheWork() {
        Matrix gradient = operands().get(0);
        PrincipalSubspace subspace = ofWeight(gradient, 0.3);
        refused(
                "LoraStart.factors: rank is -1; it must be at least 0",
                () -> LoraStart.factors(
                        linalg, List.of(new LoraStart(subspace, gradient, 1)), -1, Switches.StartB.ZERO));
        for (double share : new double[] {1.5, -0.1, Double.NaN}) {
            refused(
                    "WeightSubspace.of: share of the energy is " + share + "; it must lie in [0, 1]",
                    () -> PrincipalSubspace.ofWeights(linalg, List.of(gradient), share));
        }
    }

    @Test
    void momentsMustBeSymmetric() {
        Matrix moment = momentOf(operands().get(2));
        double[] values = moment.toDoubles();
        values[1] += 0.01 * values[0];
        Matrix askew = keep(linalg.adopt(Matrix.copyOf(IN, IN, values)));
        for (PrincipalSubspace subspace : List.of(
                keep(PrincipalSubspace.empty(linalg, IN)), ofWeight(operands().get(0), 0.3))) {
            int rank = subspace.rank();
            String message = refused(() ->
                    PrincipalSubspace.extend(linalg, List.of(new PrincipalSubspace.Extension(subspace, askew)), 0.9));
            assertEquals(
                    "PrincipalSubspace.extend: moment [47 x 47] F64 differs from its transpose by up to",
                    message.substring(0, message.indexOf(" up to") + " up to".length()));
            assertEquals(rank, subspace.rank());
        }
    }

    private static void refused(String message, Runnable operation) {
        assertEquals(message, refused(operation));
    }

    private static String refused(Runnable operation) {
        long before = Matrix.open();
        String message =
                assertThrows(IllegalArgumentException.class, operation::run).getMessage();
        assertEquals(before, Matrix.open());
        return message;
    }
}
