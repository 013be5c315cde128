package com.example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import org.keeplora.learner.ContinualLearner;
import org.keeplora.learner.Gradients;
import org.keeplora.learner.Inputs;
import org.keeplora.learner.SiteAdapter;
import org.keeplora.learner.TaskAdapters;
import org.keeplora.learner.Values;

/** The README's snippet in a program; run.sh puts it in the place of the line that names it. */
public final class Example {
    private Example() {}

    /** A trainer that draws its numbers. */
    private static final class Model {
        private static final Map<String, int[]> WIDTHS = Map.of("ffn.up", new int[] {12, 20}, "ffn.down", new int[] {20, 12});

        float[][] weight(String name) {
            return random(WIDTHS.get(name)[0], WIDTHS.get(name)[1]);
        }

        void backward(int batch, BiConsumer<String, float[][]> gradients) {
            WIDTHS.keySet().forEach(name -> gradients.accept(name, weight(name)));
        }

        void forward(int batch, BiConsumer<String, float[][]> inputs) {
            WIDTHS.forEach((name, widths) -> inputs.accept(name, random(40, widths[0])));
        }

        void attach(TaskAdapters adapters) {}

        void train(int task) {}

        void merge(TaskAdapters adapters) {
            for (SiteAdapter adapter : adapters) {
                if (adapter.a().cols() != adapter.b().rows()) {
                    throw new IllegalStateException("the factors' ranks differ");
                }
            }
        }
    }

    public static void main(String[] arguments) throws IOException {
        long begin = System.nanoTime();
        Model model = new Model();
        Path file = Files.createTempFile("learner", ".safetensors");
        List<Integer> tasks = List.of(1, 2);
        List<Integer> batches = List.of(1, 2, 3);
        // SNIPPET
        Files.delete(file);
        System.out.printf("%.2f s in %s%n", (System.nanoTime() - begin) / 1e9, ContinualLearner.class.getModule());
    }

    private static float[][] random(int rows, int cols) {
        Random random = new Random(rows);
        float[][] matrix = new float[rows][cols];
        for (float[] row : matrix) {
            for (int i = 0; i < cols; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return matrix;
    }
}
