package org.keeplora.train;

import org.keeplora.clip.Tower;
import org.keeplora.method.Switches;

/**
 * What is learned and what is protected.
 *
 * @param switches the variant of KeepLoRA, a preset or a mixture of its own
 * @param rank r of the adapters
 * @param alpha the adapters' scale is alpha / r
 * @param visionWeightEnergy ε_w of the vision tower, in [0, 1]
 * @param textWeightEnergy ε_w of the text tower, in [0, 1]
 * @param featureEnergy ε_f of both towers, in [0, 1]
 */
public record MethodSettings(
        Switches switches,
        int rank,
        double alpha,
        double visionWeightEnergy,
        double textWeightEnergy,
        double featureEnergy) {

    /** The share of a weight's energy that must not move in {@code tower}. */
    double weightEnergy(Tower tower) {
        return tower == Tower.VISION ? visionWeightEnergy : textWeightEnergy;
    }
}
