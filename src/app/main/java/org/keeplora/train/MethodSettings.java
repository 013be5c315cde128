package org.keeplora.train;

import org.keeplora.clip.Tower;
import org.keeplora.method.Switches;

/**
 * What is trained and what is protected.
 *
 * @param switches the variant of KeepLoRA, a preset or a combination of its own
 * @param rank r of the adapters
 * @param alpha the adapters' scale is alpha / r
 * @param protection shares of energy to protect
 * @param head an additional classifier beside the prompts
 */
public record MethodSettings(Switches switches, int rank, double alpha, Protection protection, Head head) {
    /**
     * Protected shares of energy, each in [0, 1].
     *
     * @param visionWeights ε_w of the vision tower
     * @param textWeights ε_w of the text tower
     * @param features ε_f of both towers
     */
    public record Protection(double visionWeights, double textWeights, double features) {
        /** ε_w of {@code tower}. */
        double weights(Tower tower) {
            return tower == Tower.VISION ? visionWeights : textWeights;
        }
    }

    /** The classifier of a task's images beside CLIP's class prompts. */
    public enum Head {
        /** No head. */
        NONE,
        /**
         * KeepLoRA+: a {@link org.keeplora.clip.ClassHead} for each learned task, initialised from class means and
         * trained with the adapters. The adapters' start gradient is computed without the head, as in the authors'
         * program.
         */
        COSINE
    }

    /** The same settings with ε_w = 0: the pre-trained weights are not protected. */
    MethodSettings featuresOnly() {
        Switches none = new Switches(
                switches.weightBasis(),
                Switches.RankRule.REACHING, // the other rule protects at least one direction
                switches.features(),
                switches.textFeatures(),
                switches.startB(),
                switches.layerScale());
        return new MethodSettings(none, rank, alpha, new Protection(0, 0, protection.features()), head);
    }
}
