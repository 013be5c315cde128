package org.keeplora.train;

import org.keeplora.method.RankRule;
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
public record MethodSettings(Switches switches, int rank, double alpha, Protection protection, HeadKind head) {
    /** The same with ε_w = 0: nothing of the pre-trained weights is protected. */
    MethodSettings featuresOnly() {
        Switches none = new Switches(
                switches.weightBasis(),
                RankRule.REACHING, // the other rule protects one direction at least
                switches.features(),
                switches.textFeatures(),
                switches.startB(),
                switches.layerScale());
        return new MethodSettings(none, rank, alpha, new Protection(0, 0, protection.features()), head);
    }
}
