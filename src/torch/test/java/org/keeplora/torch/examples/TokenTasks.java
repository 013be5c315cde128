package org.keeplora.torch.examples;

import java.util.Random;
import org.keeplora.examples.Task;

/** Classification of 5 tokens of 8 numbers, side by side in an input of 40. */
final class TokenTasks {
    static final int TOKENS = 5;
    static final int WIDTH = Task.IN / TOKENS;

    private static final int CODES = WIDTH / 2;
    private static final int SAMPLES = 1024;
    private static final double NOISE = 0.02;

    private TokenTasks() {}

    /**
     * Task {@code number}: each token is a code of 4 standard normal numbers, for task 0 in the first half of the
     * token and for task 1 in the second, and noise. The label is argmax(mean code · V), with a V of the task.
     */
    static Task.Halves number(int number, long seed) {
        Random random = new Random(31 * seed + number);
        float[][] rule = Task.gaussian(CODES, Task.CLASSES, 1, random);
        return new Task.Halves(draw(number, rule, random), draw(number, rule, random));
    }

    private static Task draw(int number, float[][] rule, Random random) {
        float[][] inputs = Task.gaussian(SAMPLES, Task.IN, NOISE, random);
        int[] labels = new int[SAMPLES];
        for (int n = 0; n < SAMPLES; n++) {
            float[] scores = new float[Task.CLASSES];
            for (int i = 0; i < TOKENS * CODES; i++) {
                float code = (float) random.nextGaussian();
                int token = i / CODES;
                inputs[n][token * WIDTH + number * CODES + i % CODES] += code;
                for (int c = 0; c < Task.CLASSES; c++) {
                    scores[c] += code * rule[i % CODES][c];
                }
            }
            labels[n] = largest(scores);
        }
        return new Task(inputs, labels);
    }

    private static int largest(float[] scores) {
        int best = 0;
        for (int c = 1; c < scores.length; c++) {
            best = scores[c] > scores[best] ? c : best;
        }
        return best;
    }
}
