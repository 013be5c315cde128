package org.keeplora.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.learner.ContinualLearner;
import org.keeplora.learner.Gradients;
import org.keeplora.learner.Inputs;
import org.keeplora.learner.SiteAdapter;
import org.keeplora.learner.TaskAdapters;
import org.keeplora.learner.Values;

/** The example in README.md, "Embedding", on layers of different widths whose inputs lie in a few directions. */
final class ShortestFormTest {
    /**
     * Each direction holds more than 1 % of the inputs' energy, the part that may stay unprotected. So all are
     * protected.
     */
    private static final int DIRECTIONS = 3;

    private static final int SAMPLES = 40;
    /** Products of two float32 roundings, summed over at most 20 inputs of norm below 10. */
    private static final double TOLERANCE = 20 * 10 * Math.ulp(1f);

    private static final Path SOURCE = Path.of("test/java/org/keeplora/examples/ShortestFormTest.java");
    private static final Path README = Path.of("../../README.md");

    private static final Map<String, int[]> WIDTHS =
            Map.of("ffn.up", new int[] {12, 20}, "ffn.down", new int[] {20, 12});

    /** A trainer of somebody else's: what the example calls. */
    private static final class Model {
        private final Random random = new Random(5);
        private final List<String> steps = new ArrayList<>();
        private List<float[][]> learned = List.of();

        float[][] weight(String name) {
            return Task.gaussian(WIDTHS.get(name)[0], WIDTHS.get(name)[1], 1, random);
        }

        void backward(int batch, BiConsumer<String, float[][]> gradients) {
            steps.add("backward " + batch);
            WIDTHS.keySet().forEach(name -> gradients.accept(name, weight(name)));
        }

        void forward(int batch, BiConsumer<String, float[][]> inputs) {
            steps.add("forward " + batch);
            learned = new ArrayList<>();
            WIDTHS.forEach((name, widths) -> {
                float[][] seen = PlainNetwork.product(
                        Task.gaussian(SAMPLES, DIRECTIONS, 1, random),
                        Task.gaussian(DIRECTIONS, widths[0], 0.5, new Random(name.hashCode())));
                learned.add(seen);
                inputs.accept(name, seen);
            });
        }

        void attach(TaskAdapters adapters) {
            steps.add("attach");
            for (float[][] inputs : learned) {
                for (SiteAdapter adapter : adapters) {
                    if (adapter.site().in() == inputs[0].length) {
                        assertSmall(PlainNetwork.product(inputs, adapter.a().toRows()));
                    }
                }
            }
        }

        void train(int task) {
            steps.add("train " + task);
        }

        void merge(TaskAdapters adapters) {
            steps.add("merge " + adapters.task());
        }
    }

    private static void assertSmall(float[][] answers) {
        for (float[] row : answers) {
            for (float value : row) {
                assertTrue(Math.abs(value) < TOLERANCE, "an adapter answers " + value + " to a learned input");
            }
        }
    }

    @Test
    void adaptersAnswerNothingToWhatWasLearned(@TempDir Path folder) {
        Model model = new Model();
        Path file = folder.resolve("learner.safetensors");
        List<Integer> tasks = List.of(1, 2);
        List<Integer> batches = List.of(1, 2, 3);
        // README: begin
        try (ContinualLearner learner = ContinualLearner.builder()
                .site("ffn.up", 12, 20) // name, in, out: W is [in x out]
                .site("ffn.down", 20, 12)
                .rank(4)
                .build()) {
            learner.protectWeights(name -> Values.of(model.weight(name)));
            for (int task : tasks) {
                try (Gradients gradients = learner.gradients()) { // one pass over the task, nothing adapted
                    batches.forEach(batch -> model.backward(batch, gradients::add));
                    try (TaskAdapters adapters = learner.begin(gradients)) {
                        model.attach(adapters); // W - s·A·B, and s·(x·A)·B beside it
                        model.train(task); // only B
                        model.merge(adapters); // W + s·A·B
                    }
                }
                try (Inputs inputs = learner.inputs()) { // one pass with the merged network
                    batches.forEach(batch -> model.forward(batch, inputs::add));
                    learner.end(inputs);
                }
                learner.save(file); // ContinualLearner.load(file) continues
            }
        }
        // README: end
        String task =
                "backward 1, backward 2, backward 3, attach, train %1$d, merge %1$d, forward 1, forward 2, forward 3";
        assertEquals(
                String.format(Locale.ROOT, task, 1) + ", " + String.format(Locale.ROOT, task, 2),
                String.join(", ", model.steps));
        assertTrue(Files.exists(file));
    }

    @Test
    void theReadmeShowsThisForm() throws IOException {
        assertEquals(
                between(SOURCE, "// README: begin\n", "// README: end").stripIndent(),
                between(README, "```java\n", "```"));
    }

    private static String between(Path file, String begin, String end) throws IOException {
        String text = Files.readString(file);
        int start = text.indexOf(begin) + begin.length();
        return text.substring(start, text.indexOf(end, start));
    }
}
