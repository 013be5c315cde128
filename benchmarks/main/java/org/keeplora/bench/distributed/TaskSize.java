package org.keeplora.bench.distributed;

import java.util.ArrayList;
import java.util.List;

/**
 * Size of one task, and of the row of the accuracy table after it.
 *
 * @param images of the training set
 * @param batch images a step, over all processes
 * @param head whether a cosine head is trained beside the prompts, as in KeepLoRA+
 */
record TaskSize(String name, int images, int classes, int batch, int epochs, boolean head, Tests tests) {
    /**
     * What a row evaluates.
     *
     * @param sets number of data sets
     * @param images of all of them together
     * @param prompts of all of them together
     */
    record Tests(int sets, int images, int prompts) {}

    /** Sizes of the batches of one pass; the last may be shorter. */
    List<Integer> pass() {
        List<Integer> batches = new ArrayList<>();
        for (int first = 0; first < images; first += batch) {
            batches.add(Math.min(batch, images - first));
        }
        return batches;
    }

    /** Those of all epochs. */
    List<Integer> training() {
        List<Integer> steps = new ArrayList<>();
        for (int epoch = 0; epoch < epochs; epoch++) {
            steps.addAll(pass());
        }
        return steps;
    }
}
