package org.keeplora.train;

import org.keeplora.clip.Tower;
import org.keeplora.method.Switches;

/**
 * What is learned and what is protected.
 *
 * @param switches the variant of KeepLoRA, a preset or a mixture of its own
 * @param rank r of the adapters
 * @param alpha the adapters' scale is alpha / r
 * @param protection shares that must not move
 * @param head what classifies beside the prompts
 */
public record MethodSettings(Switches switches, int rank, double alpha, Protection protection, Head head) {
    /**
     * How much must not move, each a share of energy in [0, 1].
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

    /** What classifies a task's images beside CLIP's class prompts. */
    public enum Head {
        /** Nothing. */
        NONE,
        /**
         * KeepLoRA+: a {@link org.keeplora.clip.ClassHead} for each learned task, from class means, trained with the
         * adapters. The gradient from which these start is taken without it, as the authors' program does.
         */
        COSINE
    }

    /** The same with ε_w = 0: nothing of the pre-trained weights is protected. */
    MethodSettings featuresOnly() {
        Switches none = new Switches(
                switches.weightBasis(),
                Switches.RankRule.REACHING, // the other rule protects one direction at least
                switches.features(),
                switches.textFeatures(),
                switches.startB(),
                switches.layerScale());
        return new MethodSettings(none, rank, alpha, new Protection(0, 0, protection.features()), head);
    }
}
