package org.keeplora.method.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.Assembly;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Svd;
import org.keeplora.method.Growth;
import org.keeplora.method.Preset;
import org.keeplora.method.Switches;

/** Properties of the method, and the fast path against a slow float64 reference, on layers with in ≠ out. */
abstract class PaperPropertiesContract extends MethodContract {
    /** Largest allowed sine of a principal angle to the float64 reference. */
    private static final double LARGEST_SINE = 1e-5;

    /** Left singular vectors of a float64 copy: count by a plain sum. */
    private Matrix referenceBasis(Matrix matrix, double total, double covered, double share) {
        try (Matrix wide = linalg.convert(matrix, ElementType.F64);
                Svd svd = linalg.svd(List.of(wide)).get(0)) {
            int rank = 0;
            double sum = covered;
            while (rank < svd.values().length && sum < share * total) {
                sum += svd.values()[rank] * svd.values()[rank];
                rank++;
            }
            return linalg.columns(svd.left(), 0, rank);
        }
    }

    private static double energy(Matrix matrix) {
        return Arrays.stream(matrix.toDoubles()).map(v -> v * v).sum();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.2, 0.6, 0.85, 0.99})
    void weightBasisIsTheReferencesLeftSingularVectors(double share) {
        Matrix weight = keep(linalg.transpose(decaying(OUT, IN, 1)));
        PrincipalSubspace subspace = ofWeight(weight, share);
        Matrix reference = keep(referenceBasis(weight, energy(weight), 0, share));
        assertEquals(reference.cols(), subspace.rank());
        assertTrue(Subspaces.largestAngleSine(linalg, basisOf(subspace), reference) <= LARGEST_SINE);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.9, RANK",
        "0, 0.9, SPECTRUM",
        "0.3, 0.9, RANK",
        "0.6, 0.99, RANK",
        "0.6, 0.99, SPECTRUM",
        "0.85, 0.99, SPECTRUM",
        "0.85, 0.5, RANK",
        "0.85, 0.5, SPECTRUM"
    })
    void growthMatchesTheSvdOfTheWholeFeatureMatrix(double weightShare, double featureShare, Growth.Detail detail) {
        Matrix weight = keep(linalg.transpose(decaying(OUT, IN, 1)));
        PrincipalSubspace subspace = ofWeight(weight, weightShare);
        for (int task = 0; task < 3; task++) {
            Matrix samples = decaying(SAMPLES, IN, 10 + task);
            Matrix features =
                    keep(Subspaces.product(linalg, Operand.transposed(samples), Operand.of(identity(SAMPLES))));
            Matrix before = keep(linalg.convert(basisOf(subspace), ElementType.F64));
            Matrix rest = keep(linalg.convert(features, ElementType.F64));
            Matrix inside = keep(Subspaces.product(linalg, Operand.transposed(before), Operand.of(features)));
            linalg.multiply(List.of(new Product(rest, -1, Operand.of(before), Operand.of(inside), 1)));
            double total = energy(features);
            double covered = 1 - energy(rest) / total;
            Matrix added = keep(referenceBasis(rest, total, covered * total, featureShare));

            Growth growth = PrincipalSubspace.extend(
                            linalg,
                            List.of(new PrincipalSubspace.Extension(subspace, momentOf(samples))),
                            site -> featureShare,
                            detail)
                    .get(0);

            assertEquals(before.cols() + added.cols(), subspace.rank());
            assertEquals(covered, growth.coveredBefore(), Subspaces.tolerance(IN));
            assertEquals(
                    new Growth(
                            before.cols(),
                            subspace.rank(),
                            growth.coveredBefore(),
                            growth.coveredAfter(),
                            growth.energy()),
                    growth);
            assertTrue(growth.coveredAfter() >= Math.min(featureShare, 1));
            assertEquals(detail == Growth.Detail.SPECTRUM, growth.energy().isPresent());
            if (detail == Growth.Detail.SPECTRUM) {
                Subspaces.assertIsASpectrum(growth);
            }
            Matrix expected = keep(linalg.assemble(List.of(Assembly.of(before.type(), before, added)))
                    .get(0));
            assertTrue(Subspaces.largestAngleSine(linalg, basisOf(subspace), expected) <= LARGEST_SINE);
            assertTrue(Subspaces.deviationFromOrthonormal(linalg, basisOf(subspace)) <= Subspaces.tolerance(IN));
        }
    }

    @Test
    void neverGrowsBeyondTheInputAndNeverOnNothing() {
        PrincipalSubspace subspace = keep(PrincipalSubspace.empty(linalg, IN));
        Matrix nothing = keep(linalg.zeros(IN, IN, ElementType.F64));
        List<PrincipalSubspace.Extension> batch = List.of(new PrincipalSubspace.Extension(subspace, nothing));
        assertEquals(
                new Growth(0, 0, 1, 1, Optional.empty()),
                PrincipalSubspace.extend(linalg, batch, 0.99).get(0));
        Growth none = PrincipalSubspace.extend(linalg, batch, site -> 0.99, Growth.Detail.SPECTRUM)
                .get(0);
        assertEquals(new Growth(0, 0, 1, 1, none.energy()), none);
        assertEquals(1, none.energy().orElseThrow().share(0));
        for (int task = 0; task < 4; task++) {
            PrincipalSubspace.extend(
                    linalg,
                    List.of(new PrincipalSubspace.Extension(subspace, momentOf(decaying(SAMPLES, IN, task)))),
                    1);
            assertTrue(subspace.rank() <= IN);
        }
        Growth full = PrincipalSubspace.extend(
                        linalg,
                        List.of(new PrincipalSubspace.Extension(subspace, momentOf(decaying(SAMPLES, IN, 9)))),
                        0.99)
                .get(0);
        assertEquals(full.rankBefore(), full.rankAfter());
        assertEquals(1, full.coveredBefore(), Subspaces.tolerance(IN));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 0.85, 0.99, 1})
    void projectionLeavesNothingOfTheSubspaceAndTwiceIsOnce(double share) {
        PrincipalSubspace subspace = ofWeight(keep(linalg.transpose(decaying(OUT, IN, 1))), share);
        Matrix gradient = decaying(IN, OUT, 2);
        double norm = Subspaces.norm(gradient);
        PrincipalSubspace.projectOut(linalg, List.of(new PrincipalSubspace.Residual(subspace, gradient)));
        Matrix left = keep(Subspaces.product(linalg, Operand.transposed(basisOf(subspace)), Operand.of(gradient)));
        assertTrue(Subspaces.norm(left) <= Subspaces.tolerance(IN) * norm);
        float[] once = gradient.toFloats();
        PrincipalSubspace.projectOut(linalg, List.of(new PrincipalSubspace.Residual(subspace, gradient)));
        for (int i = 0; i < once.length; i++) {
            assertEquals(once[i], gradient.toFloats()[i], Subspaces.tolerance(IN) * norm);
        }
    }

    @Test
    void aSecondPassCleansWhatCancellationLeaves() {
        PrincipalSubspace subspace = ofWeight(keep(linalg.transpose(decaying(OUT, IN, 1))), 0.3);
        float[] little = new float[IN * OUT];
        Arrays.fill(little, 0, OUT, 1e-3f);
        Matrix gradient = keep(linalg.adopt(Matrix.copyOf(IN, OUT, little)));
        Matrix mixing = decaying(subspace.rank(), OUT, 3);
        linalg.multiply(List.of(new Product(gradient, 1, Operand.of(basisOf(subspace)), Operand.of(mixing), 1)));
        PrincipalSubspace.projectOut(linalg, List.of(new PrincipalSubspace.Residual(subspace, gradient)));
        Matrix left = keep(Subspaces.product(linalg, Operand.transposed(basisOf(subspace)), Operand.of(gradient)));
        assertTrue(Subspaces.norm(left) <= Subspaces.tolerance(IN) * Subspaces.norm(gradient));
    }

    @Test
    void startIsTheBestLowRankPartOfTheResidualOutsideTheSubspace() {
        PrincipalSubspace subspace = ofWeight(keep(linalg.transpose(decaying(OUT, IN, 1))), 0.6);
        Matrix gradient = decaying(IN, OUT, 4);
        Matrix residual = keep(linalg.convert(gradient, ElementType.F32));
        PrincipalSubspace.projectOut(linalg, List.of(new PrincipalSubspace.Residual(subspace, residual)));
        int rank = 5;
        LoraFactors start = keep(
                LoraStart.factors(linalg, List.of(new LoraStart(subspace, gradient, 7)), rank, Switches.StartB.GRADIENT)
                        .get(0));
        assertOutside(subspace, start.a());
        Matrix product = keep(Subspaces.product(linalg, Operand.of(start.a()), Operand.of(start.b())));
        Matrix wide = keep(linalg.convert(residual, ElementType.F64));
        Svd svd = keep(linalg.svd(List.of(wide)).get(0));
        double[] left = svd.left().toDoubles();
        double[] right = svd.right().toDoubles();
        double[] best = new double[IN * OUT];
        for (int i = 0; i < IN; i++) {
            for (int j = 0; j < OUT; j++) {
                for (int k = 0; k < rank; k++) {
                    best[i * OUT + j] += left[i * svd.left().cols() + k] * svd.values()[k] * right[k * OUT + j];
                }
            }
        }
        double difference = 0;
        double[] actual = product.toDoubles();
        for (int i = 0; i < best.length; i++) {
            difference += (best[i] - actual[i]) * (best[i] - actual[i]);
        }
        // four power iterations leave (σ_{q+1}/σ_r)^9 of the tail, q = 4r: here below float32 rounding
        assertTrue(Math.sqrt(difference) <= Subspaces.tolerance(IN) * svd.values()[0]);
    }

    @Test
    void startStaysOutsideWhateverTheResidualIs() {
        PrincipalSubspace subspace = ofWeight(keep(linalg.transpose(decaying(OUT, IN, 1))), 0.6);
        Matrix nothing = keep(linalg.zeros(IN, OUT, ElementType.F32));
        LoraFactors zero = keep(
                LoraStart.factors(linalg, List.of(new LoraStart(subspace, nothing, 7)), 6, Switches.StartB.GRADIENT)
                        .get(0));
        assertOutside(subspace, zero.a());
        assertEquals(0, Subspaces.largest(zero.b()));
        assertEquals(6, zero.a().cols());
    }

    @Test
    void startHasNoMoreDirectionsThanAreFree() {
        PrincipalSubspace subspace = keep(PrincipalSubspace.empty(linalg, IN));
        PrincipalSubspace.extend(
                linalg,
                List.of(new PrincipalSubspace.Extension(subspace, momentOf(decaying(SAMPLES, IN, 5)))),
                0.9999999);
        int free = IN - subspace.rank();
        Matrix residual = decaying(IN, OUT, 6);
        PrincipalSubspace.projectOut(linalg, List.of(new PrincipalSubspace.Residual(subspace, residual)));
        LoraFactors start =
                keep(LoraStart.factors(linalg, List.of(new LoraStart(subspace, residual, 7)), IN, Switches.StartB.ZERO)
                        .get(0));
        assertTrue(free < OUT, "the case is about few free directions");
        assertEquals(free, start.a().cols());
        assertEquals(0, Subspaces.largest(start.b()));
        assertOutside(subspace, start.a());
    }

    @Test
    void outputSideNeedsASquareWeight() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> WeightSubspace.of(
                                linalg,
                                List.of(decaying(IN, OUT, 1)),
                                Switches.WeightBasis.OUTPUT,
                                Switches.RankRule.REACHING,
                                0.5))
                .getMessage();
        assertTrue(message.contains("[47 x 29]"), message);
    }

    @Test
    void sizesThatClashAreRefusedWithBothShapes() {
        PrincipalSubspace subspace = keep(PrincipalSubspace.empty(linalg, IN));
        SecondMoment moment = keep(new SecondMoment(linalg, OUT));
        Matrix other = decaying(OUT, IN, 1);
        assertRefused(
                "LoraStart: gradient is [29 x 47] F32 but the subspace has input width 47; the gradient's rows must be equal to it",
                () -> new LoraStart(subspace, other, 1));
        assertRefused(
                "PrincipalSubspace.projectOut: gradient is [29 x 47] F32 but the subspace has input width 47; the rows must be equal to it",
                () -> new PrincipalSubspace.Residual(subspace, other));
        assertRefused(
                "PrincipalSubspace.extend: moment is [29 x 29] F64 but the subspace has input width 47; the rows must be equal to it",
                () -> new PrincipalSubspace.Extension(subspace, moment.value(linalg)));
        assertRefused(
                "SecondMoment.add: samples are [29 x 47] F32 but the moment has input width 29; the samples' columns must be equal to it",
                () -> new SecondMoment.Update(moment, other));
    }

    private static void assertRefused(String message, Executable made) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, made).getMessage());
    }

    @Test
    void slotMeanAveragesAndDropsShortBatches() {
        try (SlotMean mean = new SlotMean();
                Matrix one = linalg.adopt(Matrix.copyOf(2, 2, new float[] {1, 2, 3, 4}));
                Matrix two = linalg.adopt(Matrix.copyOf(2, 2, new float[] {3, 2, 1, 0}));
                Matrix shorter = linalg.adopt(Matrix.copyOf(1, 2, new float[] {9, 9}))) {
            assertThrows(IllegalStateException.class, () -> mean.mean(linalg));
            List.of(one, two, shorter).forEach(batch -> mean.add(linalg, batch));
            assertArrayEquals(new float[] {2, 2, 2, 2}, keep(mean.mean(linalg)).toFloats());
            assertArrayEquals(
                    new double[] {8, 8, 8, 8}, keep(mean.secondMoment(linalg)).toDoubles());
        }
    }

    @Test
    void rankRulesAndScalesAndPresetsAreAsPublished() {
        assertEquals(3, Switches.RankRule.REACHING.count(3));
        assertEquals(2, Switches.RankRule.COUNT_BELOW.count(3));
        assertEquals(1, Switches.RankRule.COUNT_BELOW.count(0));
        assertEquals(1, Switches.LayerScale.ONE.ofVisionBlock(3, 12));
        assertEquals(0.2, Switches.LayerScale.RISING.ofVisionBlock(0, 12));
        assertEquals(1, Switches.LayerScale.RISING.ofVisionBlock(11, 12));
        assertEquals(
                Switches.WeightBasis.OUTPUT, Preset.of("official-v1").switches().weightBasis());
        String message = assertThrows(IllegalArgumentException.class, () -> Preset.of("v1"))
                .getMessage();
        assertTrue(message.contains("paper, official-v1, official-v2"), message);
    }
}
