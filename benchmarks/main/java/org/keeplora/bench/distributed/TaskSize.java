package org.keeplora.bench.distributed;

import java.util.ArrayList;
import java.util.List;

/**
 * Size of one task, and of the row of the accuracy table after it.
 *
 * @param images of the training set
 * @param batch images per step, over all processes
 * @param head whether a cosine head is trained beside the prompts, as in KeepLoRA+
 */
record TaskSize(String name, int images, int classes, int batch, int epochs, boolean head, Tests tests) {
    /**
     * The evaluation of one row.
     *
     * @param sets number of data sets
     * @param images number of images of all data sets
     * @param prompts number of prompts of all data sets
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

    /** Sizes of the batches of all epochs. */
    List<Integer> training() {
        List<Integer> steps = new ArrayList<>();
        for (int epoch = 0; epoch < epochs; epoch++) {
            steps.addAll(pass());
        }
        return steps;
    }
}
