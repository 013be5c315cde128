package org.keeplora.learner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.keeplora.engine.BackendChoice;
import org.keeplora.method.Growth;

/** A trainer on float[] without a loss: weights, gradients and inputs are drawn, and training adds noise to each B. */
final class PlainTrainer {
    static final double FEATURE_ENERGY = 1 - 1e-9;
    /** [in, out] by site; query and key read one input. */
    static final Map<String, int[]> WIDTHS = new LinkedHashMap<>();

    private static final int BATCHES = 3;
    private static final int SAMPLES = 5;
    private static final int DIRECTIONS = 3;
    private static final int RANK = 3;
    private static final String SHARED = "attention";

    static {
        WIDTHS.put("up", new int[] {12, 30});
        WIDTHS.put("down", new int[] {30, 12});
        WIDTHS.put("query", new int[] {17, 9});
        WIDTHS.put("key", new int[] {17, 5});
    }

    final Map<String, float[]> weights = new LinkedHashMap<>();
    private final Map<String, float[]> start = new LinkedHashMap<>();
    private final Random random;
    private Map<String, float[][]> shown = Map.of();

    PlainTrainer(long seed) {
        random = new Random(seed);
        WIDTHS.forEach((site, widths) -> weights.put(site, random(widths[0] * widths[1], random.nextLong())));
        weights.forEach((site, weight) -> start.put(site, weight.clone()));
    }

    static LearnerBuilder builder() {
        LearnerBuilder builder = ContinualLearner.builder()
                .rank(RANK)
                .alpha(RANK)
                .weightEnergy(0.3)
                .featureEnergy(FEATURE_ENERGY)
                .backend(BackendChoice.CPU, 2);
        WIDTHS.forEach((site, widths) -> builder.site(site, widths[0], widths[1], its -> its.withInput(input(site))));
        return builder;
    }

    static String input(String site) {
        return site.equals("query") || site.equals("key") ? SHARED : site;
    }

    static float[] random(int length, long seed) {
        Random random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    Values weight(String site) {
        return Values.of(weights.get(site));
    }

    float[] gradient(String site) {
        return random(weights.get(site).length, random.nextLong());
    }

    /** The gradients of some batches. */
    Gradients gradients(ContinualLearner learner) {
        Gradients gradients = learner.gradients();
        for (int batch = 0; batch < BATCHES; batch++) {
            WIDTHS.keySet().forEach(site -> gradients.add(site, gradient(site)));
        }
        return gradients;
    }

    /** Learns one task. */
    Map<String, Growth> task(ContinualLearner learner) {
        try (Gradients gradients = gradients(learner);
                TaskAdapters adapters = learner.begin(gradients)) {
            train(adapters);
            merge(adapters);
        }
        try (Inputs inputs = inputs(learner)) {
            return learner.end(inputs);
        }
    }

    void train(TaskAdapters adapters) {
        for (SiteAdapter adapter : adapters) {
            adapter.attachTo(weight(adapter.site().name()));
            float[] b = adapter.b().toFloats();
            float[] noise = random(b.length, random.nextLong());
            for (int i = 0; i < b.length; i++) {
                b[i] += noise[i];
            }
            adapter.trained(Values.of(b));
        }
    }

    void merge(TaskAdapters adapters) {
        adapters.forEach(adapter -> adapter.mergeInto(weight(adapter.site().name())));
    }

    /** Inputs of a few directions, in some batches. */
    Inputs inputs(ContinualLearner learner) {
        Inputs inputs = learner.inputs();
        Map<String, float[][]> directions = new LinkedHashMap<>();
        Map<String, List<float[]>> rows = new LinkedHashMap<>();
        WIDTHS.forEach((site, widths) -> directions.computeIfAbsent(input(site), its -> matrix(DIRECTIONS, widths[0])));
        for (int batch = 0; batch < BATCHES; batch++) {
            directions.forEach((input, basis) -> {
                float[][] seen = product(matrix(SAMPLES, DIRECTIONS), basis);
                inputs.add(input, seen);
                rows.computeIfAbsent(input, its -> new ArrayList<>()).addAll(List.of(seen));
            });
        }
        shown = new LinkedHashMap<>();
        rows.forEach((input, all) -> shown.put(input, all.toArray(float[][]::new)));
        return inputs;
    }

    private float[][] matrix(int rows, int cols) {
        float[][] matrix = new float[rows][];
        for (int row = 0; row < rows; row++) {
            matrix[row] = random(cols, random.nextLong());
        }
        return matrix;
    }

    /** The inputs of the last task. */
    Map<String, float[][]> shown() {
        return shown;
    }

    /** x·W of every site. */
    Map<String, float[][]> answers(Map<String, float[][]> inputs) {
        Map<String, float[][]> answers = new LinkedHashMap<>();
        WIDTHS.forEach((site, widths) -> {
            float[][] weight = new float[widths[0]][];
            for (int row = 0; row < weight.length; row++) {
                weight[row] = java.util.Arrays.copyOfRange(weights.get(site), row * widths[1], (row + 1) * widths[1]);
            }
            answers.put(site, product(inputs.get(input(site)), weight));
        });
        return answers;
    }

    double largestWeightChange() {
        double largest = 0;
        for (String site : WIDTHS.keySet()) {
            largest = Math.max(
                    largest, largestDifference(new float[][] {start.get(site)}, new float[][] {weights.get(site)}));
        }
        return largest;
    }

    static double largestDifference(float[][] left, float[][] right) {
        double largest = 0;
        for (int row = 0; row < left.length; row++) {
            for (int col = 0; col < left[row].length; col++) {
                largest = Math.max(largest, Math.abs(left[row][col] - right[row][col]));
            }
        }
        return largest;
    }

    private static float[][] product(float[][] left, float[][] right) {
        float[][] product = new float[left.length][right[0].length];
        for (int i = 0; i < left.length; i++) {
            for (int k = 0; k < right.length; k++) {
                for (int j = 0; j < right[0].length; j++) {
                    product[i][j] += left[i][k] * right[k][j];
                }
            }
        }
        return product;
    }
}
