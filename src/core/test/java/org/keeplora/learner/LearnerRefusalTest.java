package org.keeplora.learner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Matrix;

/** What a learner refuses, with the name of the site in one line. */
final class LearnerRefusalTest {
    private final PlainTrainer trainer = new PlainTrainer(1);
    private final ContinualLearner learner = PlainTrainer.builder().build();

    @AfterEach
    void close() {
        learner.close();
    }

    static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static void stateRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalStateException.class, call).getMessage());
    }

    @Test
    void everyMessageNamesTheSite() {
        refused(
                "protectWeights: down: the array holds 3 elements; [30 x 12] needs 360",
                () -> learner.protectWeights(
                        site -> site.equals("down") ? Values.of(new float[3]) : trainer.weight(site)));
        refused("protectWeights: up: no weight was given", () -> learner.protectWeights(site -> null));
        try (Gradients gradients = learner.gradients();
                Inputs inputs = learner.inputs()) {
            float[] broken = trainer.gradient("key");
            broken[4] = Float.NaN;
            assertTrue(assertThrows(IllegalArgumentException.class, () -> gradients.add("key", broken))
                    .getMessage()
                    .startsWith("Gradients.add: key: "));
            refused(
                    "Inputs.add: up: the array holds 13 elements; [1 x 12] needs 12",
                    () -> inputs.add("up", new float[13]));
            refused(
                    "Inputs.add: there is no \"query\"; known are [up, down, attention]",
                    () -> inputs.add("query", new float[17]));
            gradients.add("up", trainer.gradient("up"));
            refused(
                    "begin: no gradient of down was added; add one, or name the other sites to gradients",
                    () -> learner.begin(gradients));
            inputs.add("up", new float[12]);
            refused("end: no rows of input down were added", () -> learner.end(inputs));
        }
        refused("site key: it reads input x, 5 wide, but site query reads it 4 wide", () -> ContinualLearner.builder()
                .site("query", 4, 4, site -> site.withInput("x"))
                .site("key", 5, 4, site -> site.withInput("x"))
                .build());
        refused(
                "site \"a\" was given twice",
                () -> ContinualLearner.builder().site("a", 1, 1).site("a", 1, 1));
        refused("site a: weightEnergy is 1.5; it must lie in [0, 1]", () -> ContinualLearner.builder()
                .site("a", 1, 1)
                .weightEnergy(1.5)
                .build());
        refused(
                "rank is 0; it must be at least 1",
                () -> ContinualLearner.builder().site("a", 1, 1).rank(0).build());
        refused("a learner needs at least one site", () -> ContinualLearner.builder()
                .build());
    }

    @Test
    void stepsInAWrongOrderAreRefused() {
        trainer.task(learner);
        stateRefused(
                "protectWeights: task 1 has begun, or something is protected already; weights come first",
                () -> learner.protectWeights(trainer::weight));
        try (Gradients gradients = trainer.gradients(learner)) {
            learner.begin(gradients).close();
            stateRefused(
                    "begin: task 2 has not ended; call end first", () -> learner.begin(trainer.gradients(learner)));
            stateRefused("Gradients: was used after close", () -> gradients.add("up", trainer.gradient("up")));
            learner.end();
        }
        Gradients closed = learner.gradients();
        closed.close();
        stateRefused("Gradients: was used after close", () -> closed.add("up", trainer.gradient("up")));
        stateRefused("Gradients: was used after close", () -> learner.begin(closed));
        learner.close();
        stateRefused("gradients: the learner was used after close", learner::gradients);
        stateRefused("inputs: the learner was used after close", learner::inputs);
    }

    @Test
    void aPassForOtherSitesIsRefused() {
        learner.gradients(List.of("up"));
        refused(
                "gradients: a pass has begun for [up]; close it before another for [up, down, query, key]",
                learner::gradients);
    }

    @Test
    void aMomentIsTakenOnceAndChecked() {
        try (ContinualLearner one = ContinualLearner.builder()
                        .site("a", 2, 2)
                        .backend(BackendChoice.CPU, 1)
                        .build();
                Matrix skew = Matrix.copyOf(2, 2, new double[] {1, 2, 3, 4})) {
            Inputs inputs = one.inputs();
            assertTrue(assertThrows(IllegalArgumentException.class, () -> inputs.take("a", skew))
                    .getMessage()
                    .startsWith("Inputs.take: a: "));
            Matrix moment = Matrix.copyOf(2, 2, new double[] {1, 0, 0, 1});
            inputs.take("a", moment);
            refused("Inputs: a: the matrix is a sum of this object already", () -> inputs.take("a", moment));
        }
    }

    @Test
    void settingsKeepTheNameAndTheWidths() {
        String message = assertThrows(IllegalArgumentException.class, () -> ContinualLearner.builder()
                        .site("a", 2, 2, site -> new Site("b", 3, 3, "x", 0.5, 0.5, 1))
                        .build())
                .getMessage();
        assertTrue(message.startsWith("site a: its settings gave Site[name=b"), message);
    }

    @Test
    void refusedNamesStayInOneLine() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> ContinualLearner.builder().site("a\nb", 1, 1).build())
                .getMessage();
        assertEquals(1, message.lines().count(), message);
        refused("Gradients.add: there is no \"x?y\"; known are [up, down, query, key]", () -> learner.gradients()
                .add("x\ny", new float[1]));
    }

    @Test
    void aWidthBeyondAllMemoryIsRefused() {
        try (ContinualLearner wide = ContinualLearner.builder()
                .site("a", 2_000_000_000, 2)
                .backend(BackendChoice.CPU, 1)
                .build()) {
            assertThrows(IllegalArgumentException.class, () -> wide.inputs().add("a", new float[2]));
        }
    }
}
