package org.keeplora.method.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Place;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.Projector.Part;
import org.keeplora.method.Switches;
import org.keeplora.method.internal.PrincipalSubspace.Extension;

/** What a subspace stores: its size, how exact it stays over many tasks, and what is refused when it comes back. */
abstract class StoredSubspaceContract extends MethodContract {
    private static final int WIDE = 128;

    /** Rounding an orthonormal basis to float32: two roundings of 2⁻²⁴ in an entry of BᵀB − I, whatever the size. */
    private static final double ROUNDED = 2 * Math.ulp(1f) / 2;

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 0.6, 0.99, 1})
    void theNarrowerBasisIsStoredAndComesBackToTheBit(double share) {
        PrincipalSubspace subspace = ofWeight(decaying(IN, OUT, 1), share);
        Matrix stored = subspace.projector().basis();
        boolean holdsM = subspace.projector().kept() == Part.OUTSIDE_SPAN;
        assertTrue(2 * stored.cols() <= IN + 1, () -> "stored is " + stored);
        assertEquals(ElementType.F32, stored.type());
        assertEquals(subspace.rank(), holdsM ? stored.cols() : IN - stored.cols());
        try (Matrix file = stored.toHost();
                PrincipalSubspace again = PrincipalSubspace.of(
                        linalg, new Projector(file, subspace.projector().kept()))) {
            assertEquals(subspace.rank(), again.rank());
            assertArrayEquals(stored.toFloats(), again.projector().basis().toFloats());
            assertArrayEquals(basisOf(subspace).toFloats(), basisOf(again).toFloats());
        }
        assertTrue(Subspaces.deviationFromOrthonormal(linalg, stored) <= ROUNDED);
    }

    @Test
    void aBasisThatIsNotTheNarrowerOneIsTurnedIntoTheOther() {
        PrincipalSubspace much = ofWeight(decaying(IN, OUT, 1), 1);
        Matrix m = basisOf(much);
        assertTrue(m.cols() > IN / 2, "the case is about many directions");
        PrincipalSubspace again = keep(PrincipalSubspace.ofBasis(linalg, m));
        assertEquals(much.rank(), again.rank());
        assertEquals(Part.INSIDE_SPAN, again.projector().kept());
        assertTrue(Subspaces.projectorDistance(linalg, m, basisOf(again)) <= Subspaces.tolerance(IN));
        PrincipalSubspace rest = keep(PrincipalSubspace.of(linalg, Projector.onto(m)));
        assertEquals(IN - m.cols(), rest.rank());
        assertEquals(Part.OUTSIDE_SPAN, rest.projector().kept());
    }

    @Test
    void aStoredBasisThatIsNotOrthonormalIsRefusedWithItsError() {
        float[] values = basisOf(ofWeight(decaying(IN, OUT, 1), 0.6)).toFloats();
        int cols = values.length / IN;
        assertRefused(IN, cols, new float[values.length], "an entry of BᵀB − I of 1.0;");
        float[] longer = values.clone();
        for (int i = 0; i < longer.length; i++) {
            longer[i] *= 10;
        }
        assertRefused(IN, cols, longer, "an entry of BᵀB − I of 99;");
        float[] perturbed = values.clone();
        perturbed[cols] += 1e-3f;
        assertRefused(IN, cols, perturbed, "its columns must be orthonormal");
        float[] twice = values.clone();
        for (int row = 0; row < IN; row++) {
            twice[row * cols] = twice[row * cols + 1];
        }
        assertRefused(IN, cols, twice, "an entry of BᵀB − I of 1.0;");
        float[] holed = values.clone();
        holed[3] = Float.NaN;
        assertRefused(IN, cols, holed, "holds NaN");
        assertRefused(3, 4, new float[12], "[3 x 4] F32; it must be F32 and have at most as many columns as rows");
        try (Matrix wide = linalg.convert(basisOf(ofWeight(decaying(IN, OUT, 1), 0.6)), ElementType.F64)) {
            assertEquals(
                    "PrincipalSubspace: basis is " + wide + "; it must be F32 and have at most as many columns as rows",
                    assertThrows(IllegalArgumentException.class, () -> PrincipalSubspace.ofBasis(linalg, wide))
                            .getMessage());
        }
    }

    private void assertRefused(int rows, int cols, float[] values, String says) {
        long before = Matrix.open();
        try (Matrix basis = Matrix.copyOf(rows, cols, values)) {
            for (Part part : Part.values()) {
                String message = assertThrows(
                                IllegalArgumentException.class,
                                () -> PrincipalSubspace.of(linalg, new Projector(basis, part)))
                        .getMessage();
                assertTrue(message.contains(says) && message.contains(basis.toString()), message);
            }
        }
        assertEquals(before, Matrix.open());
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 100})
    void manyGrowthsLeaveTheBasisOrthonormalAndStartsOutside(int onTheHost) {
        // the emulated device is slow, and rounds as the host does
        int tasks = linalg.place() == Place.HOST ? onTheHost : onTheHost / 10;
        PrincipalSubspace subspace = keep(PrincipalSubspace.empty(linalg, WIDE));
        Matrix first = null;
        for (int task = 0; task < tasks; task++) {
            Extension extension = new Extension(subspace, momentOf(gaussian(1, WIDE, task)));
            PrincipalSubspace.extend(linalg, List.of(extension), 1 - 1e-9);
            assertEquals(task + 1, subspace.rank());
            first = first == null ? basisOf(subspace) : first;
        }
        assertEquals(
                2 * tasks <= WIDE ? Part.OUTSIDE_SPAN : Part.INSIDE_SPAN,
                subspace.projector().kept());
        assertTrue(
                Subspaces.deviationFromOrthonormal(linalg, subspace.projector().basis()) <= ROUNDED);
        // every growth rounds once; independent roundings add up like the root of their number
        double drift = Subspaces.largestAngleSine(linalg, first, basisOf(subspace));
        assertTrue(drift <= Math.ulp(1f) * Math.sqrt(tasks), "the first directions have moved by " + drift);
        LoraStart start = new LoraStart(subspace, gaussian(WIDE, OUT, 1000), 7);
        LoraFactors factors = keep(LoraStart.factors(linalg, List.of(start), 16, Switches.StartB.GRADIENT)
                .get(0));
        assertOutside(subspace, factors.a());
    }

    private Matrix gaussian(int rows, int cols, long seed) {
        Random random = new Random(seed);
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return keep(linalg.adopt(Matrix.copyOf(rows, cols, values)));
    }

    @Test
    void aBatchThatCannotGrowAsAWholeDoesNotGrow() {
        PrincipalSubspace one = keep(PrincipalSubspace.empty(linalg, IN));
        PrincipalSubspace two = ofWeight(decaying(IN, OUT, 1), 0.3);
        Matrix moment = momentOf(decaying(SAMPLES, IN, 3));
        Matrix negative = keep(linalg.zeros(IN, IN, ElementType.F64));
        linalg.add(List.of(new Addition(negative, -1, moment)));
        double[] holed = new double[IN * IN];
        holed[IN] = Double.NaN;
        Matrix nan = keep(linalg.adopt(Matrix.copyOf(IN, IN, holed)));
        double[] values = moment.toDoubles();
        values[1] += values[0];
        Matrix asymmetric = keep(linalg.adopt(Matrix.copyOf(IN, IN, values)));
        int rank = two.rank();
        long before = Matrix.open();
        assertRefused("has the eigenvalue -", 0.9, new Extension(one, moment), new Extension(two, negative));
        assertRefused("has the eigenvalue -", 0.9, new Extension(two, moment), new Extension(one, negative));
        assertRefused("it must be symmetric", 0.9, new Extension(one, moment), new Extension(two, asymmetric));
        assertRefused("holds NaN", 0.9, new Extension(one, moment), new Extension(two, nan));
        assertRefused(
                "PrincipalSubspace.extend: the subspace of extension 2 (input width 47) is in the batch twice;",
                0.9,
                new Extension(one, moment),
                new Extension(two, moment),
                new Extension(one, moment));
        for (double share : new double[] {-0.1, 1.5, Double.NaN, Double.POSITIVE_INFINITY}) {
            String says = "share of the energy is " + share + "; it must lie in [0, 1]";
            assertRefused("PrincipalSubspace.extend: " + says, share, new Extension(one, moment));
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> PrincipalSubspace.ofWeights(linalg, List.of(moment), share))
                    .getMessage();
            assertEquals("WeightSubspace.of: " + says, message);
        }
        assertEquals(before, Matrix.open());
        assertEquals(0, one.rank());
        assertEquals(rank, two.rank());
    }

    private void assertRefused(String says, double share, Extension... batch) {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> PrincipalSubspace.extend(linalg, List.of(batch), share))
                .getMessage();
        assertTrue(message.contains(says), message);
    }
}
