package org.keeplora.learner;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keeplora.learner.LearnerRefusalTest.refused;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.method.Growth;

/** The life of tasks in one learner, on maps of four shapes of which two read one input. */
final class ContinualLearnerTest {
    /** A few float32 roundings of numbers of size 10. */
    private static final double ROUNDING = 1e-4;

    private final PlainTrainer trainer = new PlainTrainer(1);
    private final ContinualLearner learner = PlainTrainer.builder().build();

    @AfterEach
    void close() {
        learner.close();
    }

    @Test
    void attachingAnAdapterDoesNotChangeTheMap() {
        learner.protectWeights(trainer::weight);
        try (Gradients gradients = trainer.gradients(learner);
                TaskAdapters adapters = learner.begin(gradients)) {
            for (SiteAdapter adapter : adapters) {
                float[] before = trainer.weights.get(adapter.site().name()).clone();
                float[] after = before.clone();
                adapter.attachTo(Values.of(after));
                assertFalse(
                        java.util.Arrays.equals(before, after), adapter.site().name());
                adapter.mergeInto(Values.of(after));
                assertArrayEquals(
                        before, after, (float) ROUNDING, adapter.site().name());
            }
        }
    }

    @Test
    void aTaskChangesNothingOfWhatEarlierTasksShowed() {
        learner.protectWeights(trainer::weight);
        trainer.task(learner);
        Map<String, float[][]> shown = trainer.shown();
        Map<String, float[][]> before = trainer.answers(shown);
        trainer.task(learner);
        Map<String, float[][]> after = trainer.answers(shown);
        before.forEach((site, answers) -> {
            double change = PlainTrainer.largestDifference(answers, after.get(site));
            assertTrue(change < ROUNDING, site + " answers otherwise by " + change);
        });
        assertTrue(trainer.largestWeightChange() > 0.1, "nothing was learned");
    }

    @Test
    void growthAndRanksAreGivenBySite() {
        Map<String, Growth> weights = learner.protectWeights(trainer::weight);
        assertEquals(List.copyOf(PlainTrainer.WIDTHS.keySet()), List.copyOf(weights.keySet()));
        Map<String, Growth> grown = trainer.task(learner);
        grown.forEach((site, growth) -> {
            assertEquals(weights.get(site).rankAfter(), growth.rankBefore(), site);
            assertEquals(growth.rankAfter(), learner.ranks().get(site), site);
            assertTrue(growth.coveredAfter() >= PlainTrainer.FEATURE_ENERGY, site + ": " + growth);
        });
        assertEquals(1, learner.tasks());
        assertEquals(grown, learner.growths());
    }

    @Test
    void aSiteWithItsOwnSharesGrowsByThem() {
        try (ContinualLearner own = ContinualLearner.builder()
                .site("all", 6, 4, site -> site.withWeightEnergy(1))
                .site("none", 6, 4, site -> site.withWeightEnergy(0).withFeatureEnergy(0))
                .rank(2)
                .alpha(1)
                .build()) {
            own.protectWeights(name -> Values.of(PlainTrainer.random(6 * 4, 3)));
            assertEquals(Map.of("all", 4, "none", 0), own.ranks());
            try (Inputs inputs = own.inputs()) {
                inputs.add("all", PlainTrainer.random(60, 4));
                own.end(inputs); // "none" needs no inputs
            }
            assertEquals(Map.of("all", 6, "none", 0), own.ranks());
        }
    }

    @Test
    void spectraAreThereIfTheyAreAskedFor() {
        try (ContinualLearner own = ContinualLearner.builder().site("a", 12, 5).build()) {
            for (Growth.Detail detail : Growth.Detail.values()) {
                try (Inputs inputs = own.inputs()) {
                    inputs.add("a", PlainTrainer.random(12 * 40, detail.ordinal()));
                    Growth grown = own.end(inputs, detail).get("a");
                    assertEquals(
                            detail == Growth.Detail.SPECTRUM, grown.energy().isPresent());
                }
            }
        }
    }

    @Test
    void productsOfInputsMayBeFloat32() {
        List<Map<String, Integer>> ranks = new ArrayList<>();
        List<double[]> projectors = new ArrayList<>();
        for (ElementType products : List.of(ElementType.F64, ElementType.F32)) {
            try (ContinualLearner own = ContinualLearner.builder()
                            .site("a", 12, 5)
                            .featureEnergy(0.7)
                            .inputProducts(products)
                            .build();
                    Inputs inputs = own.inputs()) {
                inputs.add("a", PlainTrainer.random(12 * 40, 6));
                own.end(inputs);
                ranks.add(own.ranks());
                try (Matrix basis = own.protectedBasis("a")) {
                    projectors.add(projector(basis.toRows()));
                }
            }
        }
        assertEquals(ranks.get(0), ranks.get(1));
        assertArrayEquals(projectors.get(0), projectors.get(1), 1e-5);
        assertThrows(IllegalArgumentException.class, () -> ContinualLearner.builder()
                .site("a", 2, 2)
                .inputProducts(ElementType.F16)
                .build());
    }

    /** MMᵀ, row by row. */
    private static double[] projector(float[][] m) {
        double[] all = new double[m.length * m.length];
        for (int i = 0; i < m.length; i++) {
            for (int j = 0; j < m.length; j++) {
                for (int k = 0; k < m[i].length; k++) {
                    all[i * m.length + j] += m[i][k] * (double) m[j][k];
                }
            }
        }
        return all;
    }

    @Test
    void aFullyProtectedSiteGetsAnAdapterOfRankZero() {
        try (ContinualLearner full = ContinualLearner.builder()
                        .site("a", 3, 5)
                        .weightEnergy(1)
                        .build();
                Gradients gradients = full.gradients()) {
            full.protectWeights(name -> Values.of(PlainTrainer.random(15, 8)));
            gradients.add("a", PlainTrainer.random(15, 9));
            try (TaskAdapters adapters = full.begin(gradients)) {
                assertEquals(0, adapters.of("a").rank());
                float[] weight = PlainTrainer.random(15, 10);
                adapters.of("a").attachTo(Values.of(weight));
                assertArrayEquals(PlainTrainer.random(15, 10), weight);
            }
        }
    }

    @Test
    void theStartIsOfTheMeanGradient() {
        float[] one = PlainTrainer.random(12 * 7, 1);
        float[] three = one.clone();
        for (int i = 0; i < three.length; i++) {
            three[i] *= 3;
        }
        assertArrayEquals(startOf(one, one), startOf(one), (float) ROUNDING);
        float[] doubled = startOf(one, three);
        float[] single = startOf(one);
        for (int i = 0; i < single.length; i++) {
            assertEquals(2 * single[i], doubled[i], ROUNDING);
        }
    }

    /** A·B of a site [12 x 7] whose gradients are {@code terms}. */
    private static float[] startOf(float[]... terms) {
        try (ContinualLearner learner = ContinualLearner.builder()
                        .site("a", 12, 7)
                        .rank(3)
                        .alpha(3)
                        .build();
                Gradients gradients = learner.gradients()) {
            for (float[] term : terms) {
                gradients.add("a", term);
            }
            try (TaskAdapters adapters = learner.begin(gradients)) {
                float[] change = new float[12 * 7];
                adapters.of("a").mergeInto(Values.of(change));
                return change;
            }
        }
    }

    @Test
    void onlyTheNamedSitesAreTrained() {
        try (Gradients gradients = learner.gradients(List.of("up"))) {
            gradients.add("up", trainer.gradient("up"));
            refused("Gradients.add: there is no \"down\"; known are [up]", () -> gradients.add("down", new float[0]));
            try (TaskAdapters adapters = learner.begin(gradients)) {
                assertEquals("up", adapters.iterator().next().site().name());
                refused("task 1 has no adapter of \"down\"; it has [up]", () -> adapters.of("down"));
            }
        }
        refused(
                "there is no site \"left\"; known are [up, down, query, key]",
                () -> learner.gradients(List.of("left")));
    }

    @Test
    void theProtectedBasisIsTheOneOfTheStateOrItsComplement() {
        learner.protectWeights(trainer::weight);
        LearnerState state = learner.state();
        for (String site : learner.sites().keySet()) {
            try (Matrix basis = learner.protectedBasis(site)) {
                Matrix protects = state.protectedBases().get(site);
                Matrix free = state.freeBases().get(site);
                assertEquals(learner.ranks().get(site), basis.cols());
                if (protects == null) {
                    assertEquals(basis.rows() - basis.cols(), free.cols());
                } else {
                    assertArrayEquals(protects.toFloats(), basis.toFloats());
                }
            }
        }
        Map<String, Matrix> bases = state.protectedBases().isEmpty() ? state.freeBases() : state.protectedBases();
        refused(
                "LearnerState: site " + bases.keySet().iterator().next()
                        + " has a protected and a free basis; it must have one of them",
                () -> new LearnerState(0, false, bases, bases));
    }

    @Test
    void whatIsUsedUpDoesNotComeBack() {
        float[] first = trainer.gradient("up");
        for (int task = 0; task < 2; task++) {
            Gradients gradients = learner.gradients(List.of("up")); // never closed by the trainer
            assertEquals(0, gradients.terms("up"));
            gradients.add("up", first);
            assertEquals(1, gradients.terms("up"));
            learner.begin(gradients);
            assertTrue(learner.adapters().isPresent());
            Inputs inputs = trainer.inputs(learner);
            learner.end(inputs);
            assertEquals(0, learner.inputs().terms("up"));
        }
        learner.adapters().ifPresent(TaskAdapters::close);
    }

    @Test
    void aFailedGrowthChangesNoSite() {
        double[] indefinite = {1, 0, 0, -1};
        try (ContinualLearner two = ContinualLearner.builder()
                .site("a", 2, 2, site -> site.withFeatureEnergy(0.9))
                .site("b", 2, 2, site -> site.withFeatureEnergy(0.5))
                .backend(BackendChoice.CPU, 1)
                .build()) {
            Inputs inputs = two.inputs();
            inputs.add("a", new float[] {1, 2});
            inputs.take("b", Matrix.copyOf(2, 2, indefinite));
            assertThrows(IllegalArgumentException.class, () -> two.end(inputs));
            assertEquals(Map.of("a", 0, "b", 0), two.ranks());
            assertEquals(Map.of(), two.growths());
        }
    }

    @Test
    void restoringClosesWhatIsOpen() {
        trainer.gradients(learner);
        learner.begin(learner.gradients());
        trainer.inputs(learner);
        LearnerState fresh = new LearnerState(0, false, Map.of(), Map.of());
        refused("restore: up: what is protected of it is missing", () -> learner.restore(fresh));
        learner.restore(learner.state());
        assertTrue(learner.adapters().isEmpty());
        assertEquals(0, learner.inputs().terms("up"));
    }

    @Test
    void endingWithoutInputsProtectsNothing() {
        learner.protectWeights(trainer::weight);
        Map<String, Integer> before = learner.ranks();
        try (Gradients gradients = trainer.gradients(learner)) {
            learner.begin(gradients).close();
        }
        learner.end();
        assertEquals(before, learner.ranks());
        assertEquals(Map.of(), learner.growths());
    }

    @Test
    void whatIsStillOpenIsClosedWithTheLearner() {
        long before = Matrix.open();
        ContinualLearner abandoned = PlainTrainer.builder().build();
        trainer.gradients(abandoned);
        abandoned.begin(abandoned.gradients());
        abandoned.inputs().add("up", new float[12]);
        assertTrue(Matrix.open() > before);
        abandoned.close();
        abandoned.close();
        assertEquals(before, Matrix.open());
    }

    @Test
    void twoLearnersShareTheCallersLinearAlgebra() {
        try (Linalg linalg = Linalg.open(BackendChoice.CPU, 1)) {
            for (int i = 0; i < 2; i++) {
                try (ContinualLearner sharing =
                        PlainTrainer.builder().linalg(linalg).build()) {
                    trainer.task(sharing);
                }
            }
            linalg.zeros(1, 1, org.keeplora.engine.ElementType.F32).close(); // still open
        }
    }

    @Test
    void theLastOfBackendAndLinearAlgebraCounts() {
        Linalg closed = Linalg.open(BackendChoice.CPU, 1);
        closed.close();
        try (ContinualLearner own = PlainTrainer.builder()
                .linalg(closed)
                .backend(BackendChoice.CPU, 1)
                .build()) {
            trainer.task(own);
            assertEquals(1, own.tasks());
        }
    }
}
