package org.keeplora.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Dataset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.engine.Matrix;
import org.keeplora.learner.Values;

/** What the block and its arrays are before, during and after a task. */
final class DjlTaskTest {
    /** A few float32 roundings of numbers of size 1. */
    private static final float ROUNDING = 1e-5f;

    private final long openBefore = Matrix.open();
    private final TwoLayers program = new TwoLayers();
    private final Trainer trainer = program.trainer();
    private final Dataset data = program.data(1);
    private final DjlLearner learner = DjlLearner.of(program.block, TwoLayers.settings());

    @AfterEach
    void close() {
        learner.close();
        trainer.close();
        program.close();
        assertEquals(openBefore, Matrix.open());
    }

    private static void assertSame(Map<String, float[]> expected, Map<String, float[]> found) {
        assertEquals(expected.keySet(), found.keySet());
        expected.forEach((name, values) -> assertArrayEquals(values, found.get(name), name));
    }

    private void assertAllAreTrained() {
        program.block.getParameters().forEach(pair -> assertTrue(pair.getValue().requiresGradient(), pair.getKey()));
    }

    @Test
    void anUntrainedAdapterChangesNoBit() throws Exception {
        learner.protectWeights();
        Map<String, float[]> before = program.parameters();
        float[] answers = program.answers(1);
        try (DjlTask task = learner.begin(trainer, data)) {
            assertArrayEquals(answers, program.answers(1));
            task.merge();
        }
        assertSame(before, program.parameters());
        assertArrayEquals(answers, program.answers(1));
        assertAllAreTrained();
    }

    @Test
    void onlyTheAdaptersAreTrainedAndMergingKeepsWhatTheyLearned() throws Exception {
        learner.protectWeights();
        Map<String, float[]> before = program.parameters();
        try (DjlTask task = learner.begin(trainer, data)) {
            TwoLayers.fit(trainer, data, 5);
            Map<String, float[]> during = program.parameters();
            List.of(TwoLayers.FIRST, TwoLayers.SECOND).forEach(site -> during.remove(site + "_keepLoraB"));
            assertSame(before, during);
            float[] learned = program.answers(1);
            task.merge();
            assertArrayEquals(learned, program.answers(1), ROUNDING);
        }
        assertEquals(before.keySet(), program.parameters().keySet());
        for (String site : List.of(TwoLayers.FIRST, TwoLayers.SECOND)) {
            assertArrayEquals(before.get(site + "_bias"), program.parameters().get(site + "_bias"));
            assertFalse(Arrays.equals(
                    before.get(site + "_weight"), program.parameters().get(site + "_weight")));
        }
        assertAllAreTrained();
    }

    @Test
    void aTaskThatIsNotMergedLeavesNothing() throws Exception {
        program.block.getParameters().get(TwoLayers.SECOND + "_bias").freeze(true);
        Map<String, float[]> before = program.parameters();
        long open = Matrix.open();
        int held = program.held();
        try (DjlTask task = learner.begin(trainer, data)) {
            TwoLayers.fit(trainer, data, 2);
            assertTrue(task.isAttached());
            assertTrue(Matrix.open() > open);
        }
        assertSame(before, program.parameters());
        program.block
                .getParameters()
                .forEach(pair -> assertEquals(
                        !pair.getKey().equals(TwoLayers.SECOND + "_bias"),
                        pair.getValue().requiresGradient(),
                        pair.getKey()));
        assertEquals(open, Matrix.open());
        assertEquals(held, program.held());
        learner.end();
        learner.begin(trainer, data).close();
    }

    @Test
    void aTrainerIsUsableAfterTheTaskAndOverSeveral() throws Exception {
        for (int i = 1; i <= 3; i++) {
            try (DjlTask task = learner.begin(trainer, data)) {
                TwoLayers.fit(trainer, data, 1);
                task.merge();
            }
            learner.end(trainer, data);
        }
        Map<String, float[]> merged = program.parameters();
        TwoLayers.fit(trainer, data, 1);
        merged.forEach((name, values) ->
                assertFalse(Arrays.equals(values, program.parameters().get(name)), name));
    }

    @Test
    void memoryDoesNotGrowWithTheBatches() throws Exception {
        learner.begin(trainer, data).close();
        learner.end(trainer, data);
        int held = program.held();
        long open = Matrix.open();
        try (DjlTask task = learner.begin(trainer, data)) {
            TwoLayers.fit(trainer, data, 1);
            int afterThreeBatches = program.held();
            TwoLayers.fit(trainer, data, 20);
            assertEquals(afterThreeBatches, program.held());
            task.merge();
        }
        learner.end(trainer, data);
        assertEquals(held, program.held());
        assertEquals(open, Matrix.open());
    }

    @Test
    void aGradientThatIsNotFiniteLeavesEverythingDetached() throws Exception {
        float[] broken = TwoLayers.inputs(1);
        broken[TwoLayers.IN * 6] = Float.NaN; // in the second batch
        Map<String, float[]> before = program.parameters();
        long open = Matrix.open();
        int held = program.held();
        String message = assertThrows(
                        IllegalArgumentException.class, () -> learner.begin(trainer, program.data(broken, 4)))
                .getMessage();
        assertTrue(message.startsWith("Gradients.add: " + TwoLayers.FIRST + ": "), message);
        assertSame(before, program.parameters());
        assertAllAreTrained();
        assertEquals(held, program.held());
        assertEquals(open, Matrix.open());
        for (Parameter parameter : program.block.getParameters().values()) {
            try (NDArray gradient = parameter.getArray().getGradient()) {
                for (float value : gradient.toFloatArray()) {
                    assertEquals(0, value);
                }
            }
        }
        learner.begin(trainer, data).close();
    }

    @Test
    void inputsThatAreNotFiniteLeaveNoReader() throws Exception {
        float[] broken = TwoLayers.inputs(1);
        broken[0] = Float.POSITIVE_INFINITY;
        String message = assertThrows(
                        IllegalArgumentException.class, () -> learner.end(trainer, program.data(broken, 4)))
                .getMessage();
        assertTrue(message.startsWith("Inputs.add: " + TwoLayers.FIRST + ": "), message);
        program.answers(1); // a reader would now add to what is closed
        learner.end(trainer, data);
    }

    @Test
    void aTrainedFactorThatIsNotFiniteIsNotMerged() throws Exception {
        Map<String, float[]> before = program.parameters();
        try (DjlTask task = learner.begin(trainer, data)) {
            Parameter second = program.block.getParameters().get(TwoLayers.SECOND + "_keepLoraB");
            second.getArray().setRequiresGradient(false);
            second.getArray().set(new NDIndex("0, 0"), Float.NaN);
            String message =
                    assertThrows(IllegalArgumentException.class, task::merge).getMessage();
            assertTrue(message.startsWith("trained: " + TwoLayers.SECOND + ": "), message);
        }
        assertSame(before, program.parameters());
    }

    @Test
    void theStartIsOfTheMeanOverBatches() throws Exception {
        float[] inputs = TwoLayers.inputs(5);
        float[] whole = startOf(program.data(inputs, 12));
        assertArrayEquals(whole, startOf(program.data(inputs, 4)), ROUNDING);
    }

    /** The change A·B that the first layer's adapter starts from. */
    private float[] startOf(Dataset data) throws Exception {
        try (DjlTask task = learner.begin(trainer, data)) {
            float[] change = new float[TwoLayers.IN * 11];
            task.adapters().of(TwoLayers.FIRST).mergeInto(Values.of(change));
            return change;
        } finally {
            learner.end();
        }
    }

    @Test
    void aStoredTaskGoesOnToTheBit(@TempDir Path folder) throws Exception {
        learner.protectWeights();
        Path file = folder.resolve("learner.safetensors");
        try (DjlTask task = learner.begin(trainer, data)) {
            TwoLayers.fit(trainer, data, 3);
            learner.save(file);
            byte[] weights = TwoLayers.saved(program.block);
            TwoLayers.fit(trainer, data, 3);
            task.merge();
            learner.end(trainer, data);

            try (TwoLayers other = new TwoLayers()) {
                TwoLayers.load(weights, other.block, other.model.getNDManager());
                try (DjlLearner resumed = DjlLearner.load(file, other.block);
                        Trainer otherTrainer = other.trainer();
                        DjlTask same = resumed.resume().orElseThrow()) {
                    TwoLayers.fit(otherTrainer, other.data(1), 3);
                    same.merge();
                    resumed.end(otherTrainer, other.data(1));
                    assertSame(program.parameters(), other.parameters());
                    assertEquals(learner.learner().ranks(), resumed.learner().ranks());
                }
            }
        }
    }
}
