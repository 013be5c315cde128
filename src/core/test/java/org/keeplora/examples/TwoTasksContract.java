package org.keeplora.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every example must show: plain training on a second task forgets the first one; KeepLoRA keeps it. */
public abstract class TwoTasksContract {
    /** Width of the hidden layer. */
    public static final int HIDDEN = 96;

    /**
     * What is asserted, as shares of samples that are classified correctly.
     *
     * @param learned the first task, at least
     * @param lost of it by fine-tuning, at least
     * @param kept loss of it with KeepLoRA, at most
     * @param learnedBeside the second task with KeepLoRA, at least
     */
    public record Limits(double learned, double lost, double kept, double learnedBeside) {}

    /**
     * On 20 seeds the first task reached 0.94 to 0.98. Fine-tuning then lost 0.14 to 0.41 of it, KeepLoRA at most 0.01.
     */
    protected Limits limits() {
        return new Limits(0.9, 0.1, 0.02, 0.75);
    }

    /** A learner that starts with the weights {@code first} [40 x 96] and {@code second} [96 x 4]. */
    protected abstract Learner open(float[][] first, float[][] second);

    /** Task 0 or 1 of {@code seed}. */
    protected Task.Halves task(int number, long seed) {
        return Task.number(number, seed);
    }

    private Learner open(long seed) {
        Random random = new Random(seed);
        return open(
                Task.gaussian(Task.IN, HIDDEN, 1 / Math.sqrt(Task.IN), random),
                Task.gaussian(HIDDEN, Task.CLASSES, 1 / Math.sqrt(HIDDEN), random));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    protected void keepLoraKeepsTheFirstTaskThatFineTuningLoses(long seed) {
        Task.Halves first = task(0, seed);
        Task.Halves second = task(1, seed);
        try (Learner tuned = open(seed);
                Learner kept = open(seed)) {
            tuned.fineTune(first.train());
            kept.fineTune(first.train());
            kept.protect(first.train());
            double before = accuracy(kept, first);
            tuned.fineTune(second.train());
            kept.learn(second.train());
            String figures = String.format(
                    Locale.ROOT,
                    "seed %d: first task %.3f, after the second %.3f tuned and %.3f kept; second %.3f and %.3f",
                    seed,
                    before,
                    accuracy(tuned, first),
                    accuracy(kept, first),
                    accuracy(tuned, second),
                    accuracy(kept, second));
            assertTrue(before > limits().learned(), figures);
            assertTrue(accuracy(tuned, first) < before - limits().lost(), figures);
            assertTrue(accuracy(kept, first) > before - limits().kept(), figures);
            assertTrue(accuracy(kept, second) > limits().learnedBeside(), figures);
        }
    }

    private static double accuracy(Learner learner, Task.Halves task) {
        return task.test().accuracy(learner.scores(task.test()));
    }
}
