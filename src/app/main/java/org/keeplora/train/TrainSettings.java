package org.keeplora.train;

import java.util.List;
import org.keeplora.torch.Precision;

/**
 * The settings for training one task.
 *
 * @param epochs passes over the training set, one number per task
 * @param batchSize images per step; the last batch of an epoch may be shorter
 * @param learningRate peak of the one-cycle schedule
 * @param weightDecay AdamW's decoupled weight decay
 * @param precision of training and evaluation; gradients for the start and features for the bases are always float32
 */
public record TrainSettings(
        List<Integer> epochs, int batchSize, double learningRate, double weightDecay, Precision precision) {
    public TrainSettings {
        epochs = List.copyOf(epochs);
        if (batchSize < 1) {
            throw new IllegalArgumentException("batch size is " + batchSize + "; at least 1 is needed");
        }
    }
}
