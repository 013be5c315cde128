package org.keeplora.train;

import java.util.List;

/**
 * How one task's adapters are trained.
 *
 * @param epochs passes over the training set, one number per task
 * @param batchSize images a step; the last batch of an epoch may be shorter
 * @param learningRate peak of the one-cycle schedule
 * @param weightDecay AdamW's decoupled weight decay
 */
public record TrainSettings(List<Integer> epochs, int batchSize, double learningRate, double weightDecay) {
    public TrainSettings {
        epochs = List.copyOf(epochs);
        if (batchSize < 1) {
            throw new IllegalArgumentException("batch size is " + batchSize + "; at least 1 is needed");
        }
    }
}
