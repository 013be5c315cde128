package org.keeplora.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Dataset;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.engine.Matrix;

/** Which sites a learner finds, and what it refuses. */
final class DjlLearnerTest {
    private final long openBefore = Matrix.open();
    private final TwoLayers program = new TwoLayers();
    private final Trainer trainer = program.trainer();
    private final Dataset data = program.data(1);

    @AfterEach
    void close() {
        trainer.close();
        program.close();
        assertEquals(openBefore, Matrix.open());
    }

    private static void refused(Class<? extends Exception> type, String message, Executable call) {
        assertEquals(message, assertThrows(type, call).getMessage());
    }

    private static void refused(String message, Executable call) {
        refused(IllegalArgumentException.class, message, call);
    }

    @Test
    void sitesAreNamedAsTheParametersAre() {
        try (DjlLearner learner = DjlLearner.of(program.block, TwoLayers.settings())) {
            assertEquals(
                    List.of(TwoLayers.FIRST, TwoLayers.SECOND),
                    List.copyOf(learner.learner().sites().keySet()));
            learner.learner().sites().forEach((name, site) -> {
                Shape stored =
                        program.block.getParameters().get(name + "_weight").getShape();
                assertEquals(new Shape(site.out(), site.in()), stored, name);
            });
        }
    }

    @Test
    void sitesThatReadOneInputAddItOnce() throws Exception {
        SequentialBlock block = new SequentialBlock()
                .add(new ParallelBlock(
                        outputs -> new NDList(outputs.get(0)
                                .singletonOrThrow()
                                .add(outputs.get(1).singletonOrThrow())),
                        List.of(TwoLayers.linear(5), TwoLayers.linear(5))));
        program.model.setBlock(block);
        block.initialize(program.model.getNDManager(), DataType.FLOAT32, new Shape(1, TwoLayers.IN));
        try (DjlLearner learner = DjlLearner.of(block, TwoLayers.settings(), site -> site.withInput("x"));
                Trainer both = program.trainer();
                DjlTask task = learner.begin(both, data)) {
            task.merge();
            learner.end(both, data).values().forEach(growth -> assertTrue(growth.coveredAfter() >= 0.6));
            assertEquals(
                    1,
                    Map.copyOf(learner.learner().ranks()).values().stream()
                            .distinct()
                            .count());
        }
    }

    @Test
    void blocksThatCannotBeAdaptedAreRefused() {
        refused(
                "DjlLearner: the block has no KeepLoraLinear; it needs one in place of each Linear",
                () -> DjlLearner.of(new SequentialBlock(), TwoLayers.settings()));
        SequentialBlock empty = new SequentialBlock().add(TwoLayers.linear(3));
        refused(
                "DjlLearner: 01KeepLoraLinear is not initialised; call Trainer.initialize, or load its parameters, first",
                () -> DjlLearner.of(empty, TwoLayers.settings()));
        empty.initialize(program.arrays, DataType.FLOAT64, new Shape(1, 4));
        refused(
                "DjlLearner: 01KeepLoraLinear: its weight is float64; it must be float32",
                () -> DjlLearner.of(empty, TwoLayers.settings()));
    }

    @Test
    void stepsInAWrongOrderAreRefused(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("learner.safetensors");
        try (DjlLearner learner = DjlLearner.of(program.block, TwoLayers.settings())) {
            DjlTask task = learner.begin(trainer, data);
            String attached = ": task 1 is attached; merge or close it first";
            refused(IllegalStateException.class, "begin" + attached, () -> learner.begin(trainer, data));
            refused(IllegalStateException.class, "end" + attached, () -> learner.end(trainer, data));
            refused(IllegalStateException.class, "end" + attached, learner::end);
            refused(IllegalStateException.class, "resume" + attached, learner::resume);
            refused(
                    IllegalStateException.class,
                    "KeepLoraLinear.loadParameters: an adapter is attached; merge or close the task first",
                    () -> TwoLayers.load(TwoLayers.saved(program.block), program.block, program.arrays));
            task.merge();
            refused(IllegalStateException.class, "DjlTask.merge: task 1 was merged or closed before", task::merge);
            refused(IllegalStateException.class, "save: task 1 is merged; close it first", () -> learner.save(file));
            task.close();
            learner.save(file);
            refused(
                    IllegalStateException.class,
                    "begin: task 1 has not ended; call end first",
                    () -> learner.begin(trainer, data));
        }
        try (DjlLearner again = DjlLearner.load(file, program.block)) {
            assertTrue(again.resume().isEmpty());
            again.end(trainer, data);
            again.begin(trainer, data).close();
        }
    }

    @Test
    void anotherBlockIsRefused(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("learner.safetensors");
        SequentialBlock other = new SequentialBlock().add(TwoLayers.linear(5));
        other.initialize(program.arrays, DataType.FLOAT32, new Shape(1, TwoLayers.IN));
        try (DjlLearner learner = DjlLearner.of(other, TwoLayers.settings())) {
            refused(
                    "begin: the trainer trains another block than the one of this learner",
                    () -> learner.begin(trainer, data));
            learner.save(file);
        }
        refused(
                "DjlLearner.load: the file has the sites [01KeepLoraLinear] but the block has [01KeepLoraLinear, "
                        + TwoLayers.SECOND + "]",
                () -> DjlLearner.load(file, program.block));
        SequentialBlock wider = new SequentialBlock().add(TwoLayers.linear(6));
        wider.initialize(program.arrays, DataType.FLOAT32, new Shape(1, TwoLayers.IN));
        refused(
                "DjlLearner.load: 01KeepLoraLinear is [7 x 5] in the file but [7 x 6] in the block",
                () -> DjlLearner.load(file, wider));
    }

    @Test
    void whereNothingIsFreeATaskIsRefused() throws Exception {
        try (DjlLearner learner =
                DjlLearner.of(program.block, TwoLayers.settings().featureEnergy(1))) {
            learner.end(trainer, data);
            refused(
                    IllegalStateException.class,
                    "begin: all directions of every site are protected; nothing can be trained; smaller shares of"
                            + " energy leave room",
                    () -> learner.begin(trainer, data));
            learner.end(trainer, data);
        }
    }
}
