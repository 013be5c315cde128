package org.keeplora.learner;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.InjectedFailures;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.internal.BatchLinalg;

/** Whatever fails in the life of a learner, nothing stays open when the learner is closed. */
final class LearnerFailureTest {
    @TempDir
    private Path folder;

    /** A task from the weights to the growth, stored and loaded in its middle. */
    private void live(Linalg linalg) {
        PlainTrainer trainer = new PlainTrainer(2);
        Path file = folder.resolve("learner");
        try (ContinualLearner learner = PlainTrainer.builder().linalg(linalg).build()) {
            learner.protectWeights(trainer::weight);
            trainer.gradients(learner);
            TaskAdapters adapters = learner.begin(learner.gradients());
            trainer.train(adapters);
            adapters.writePeft(folder.resolve("adapter"), site -> "model." + site);
            trainer.inputs(learner);
            learner.save(file);
        }
        try (ContinualLearner learner = ContinualLearner.load(file, linalg)) {
            trainer.merge(learner.adapters().orElseThrow());
            learner.end(learner.inputs());
        }
    }

    @Test
    void everyFailingStepLeavesNothingOpen() {
        try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, 1)) {
            InjectedFailures.everywhere(linalg, List.of(), this::live);
        }
    }
}
