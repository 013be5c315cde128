package org.keeplora.examples;

import java.util.Random;

/**
 * Classification of vectors.
 *
 * @param inputs [n x {@link #IN}]
 * @param labels [n], below {@link #CLASSES}
 */
public record Task(float[][] inputs, int[] labels) {
    /** Width of an input. */
    public static final int IN = 40;

    /** Number of classes. */
    public static final int CLASSES = 4;

    private static final int WIDTH = 12;
    private static final int SHIFT = 10;
    private static final int SAMPLES = 512;
    private static final double NOISE = 0.02;

    /** Training samples and test samples of one task. */
    public record Halves(Task train, Task test) {}

    /**
     * Task {@code number}: inputs c·U + noise, with c of 12 standard normal numbers, labelled argmax(c·V). U holds 12
     * orthonormal directions, from 10 · number on, of a basis that all tasks of a seed use; task 1 has two of them in
     * common with task 0. V is different for each task, so the two tasks disagree in those directions.
     */
    static Halves number(int number, long seed) {
        float[][] basis = orthonormal(new Random(seed));
        Random random = new Random(31 * seed + number);
        float[][] rule = gaussian(WIDTH, CLASSES, 1, random);
        return new Halves(draw(number, basis, rule, random), draw(number, basis, rule, random));
    }

    private static Task draw(int number, float[][] basis, float[][] rule, Random random) {
        float[][] codes = gaussian(SAMPLES, WIDTH, 1, random);
        float[][] inputs = gaussian(SAMPLES, IN, NOISE, random);
        int[] labels = new int[SAMPLES];
        for (int n = 0; n < SAMPLES; n++) {
            float[] scores = new float[CLASSES];
            for (int i = 0; i < WIDTH; i++) {
                add(codes[n][i], basis[SHIFT * number + i], inputs[n]);
                add(codes[n][i], rule[i], scores);
            }
            labels[n] = largest(scores);
        }
        return new Task(inputs, labels);
    }

    /** Normal entries of standard deviation {@code scale} [rows x cols]. */
    public static float[][] gaussian(int rows, int cols, double scale, Random random) {
        float[][] values = new float[rows][cols];
        for (float[] row : values) {
            for (int col = 0; col < cols; col++) {
                row[col] = (float) (scale * random.nextGaussian());
            }
        }
        return values;
    }

    private static float[][] orthonormal(Random random) {
        float[][] rows = gaussian(IN, IN, 1, random);
        for (int i = 0; i < IN; i++) {
            for (int j = 0; j < i; j++) {
                add(-dot(rows[i], rows[j]), rows[j], rows[i]);
            }
            add((float) (1 / Math.sqrt(dot(rows[i], rows[i]))) - 1, rows[i].clone(), rows[i]);
        }
        return rows;
    }

    /** target ← target + factor · term. */
    static void add(float factor, float[] term, float[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] += factor * term[i];
        }
    }

    private static float dot(float[] left, float[] right) {
        float sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }

    /** The index of the largest score. */
    static int largest(float[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }

    /** Fraction of samples whose label has the largest score, in [0, 1]. */
    double accuracy(float[][] scores) {
        int right = 0;
        for (int n = 0; n < labels.length; n++) {
            right += largest(scores[n]) == labels[n] ? 1 : 0;
        }
        return (double) right / labels.length;
    }

    /** n. */
    public int size() {
        return labels.length;
    }
}
