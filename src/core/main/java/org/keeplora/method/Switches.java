package org.keeplora.method;

/**
 * All differences between the variants of KeepLoRA; {@link Preset} names the published combinations.
 *
 * @param weightBasis which singular vectors of the weights are protected
 * @param rankRule how many of them
 * @param features which statistic of a task's features is kept
 * @param textFeatures which positions of a prompt count
 * @param startB how B starts
 * @param layerScale how the adapter scale depends on depth
 */
public record Switches(
        WeightBasis weightBasis,
        RankRule rankRule,
        FeatureStatistic features,
        TextFeatures textFeatures,
        StartB startB,
        LayerScale layerScale) {

    /** Which singular vectors of a weight W [in x out] span the protected subspace. */
    public enum WeightBasis {
        /** Left vectors of W: directions of the layer's input, as in the paper. */
        INPUT,
        /**
         * Right vectors of W (left vectors of PyTorch's stored [out x in] matrix), but applied on the input side, as in
         * the authors' MTIL program. Requires in = out.
         */
        OUTPUT
    }

    /** How many singular directions of a weight are protected for a share of its energy. */
    public enum RankRule {
        /** The smallest number whose cumulative share reaches the wanted one. */
        REACHING,
        /** The number of cumulative shares below the wanted one, at least 1, as in the authors' MTIL program. */
        COUNT_BELOW;

        /** The number by this rule, given the smallest one that reaches the share. */
        public int count(int reaching) {
            return this == REACHING ? reaching : Math.max(1, reaching - 1);
        }
    }

    /** Which statistic of a task's features grows the protected subspaces. */
    public enum FeatureStatistic {
        /** Σ xᵀx over all images and tokens. */
        SECOND_MOMENT,
        /** The element-wise mean over batches, one batch wide, as in the authors' MTIL program. */
        SLOT_MEAN
    }

    /** Which positions of a prompt count as features of the text tower. */
    public enum TextFeatures {
        /** Tokens up to and including end-of-text. */
        UP_TO_END_OF_TEXT,
        /** Every position of the context, also padding, as in the authors' MTIL program. */
        ALL_POSITIONS
    }

    /** How the trained LoRA factor B starts. */
    public enum StartB {
        /** S_r V_rᵀ of the projected gradient; the weight is reduced by s·A·B so that the function stays the same. */
        GRADIENT,
        /** Zero (KeepLoRA++). */
        ZERO
    }

    /** A factor of the adapter scale that depends on the depth of the block. */
    public enum LayerScale {
        /** The same scale everywhere. */
        ONE,
        /** Block l of L of the vision tower: γ + (1−γ)·l/(L−1) with γ = 0.2 (KeepLoRA++). */
        RISING;

        private static final double GAMMA = 0.2;

        /**
         * The factor of vision block {@code block} of {@code blocks}, counted from 0. The text tower's factor is always
         * 1.
         */
        public double ofVisionBlock(int block, int blocks) {
            if (this == ONE || blocks == 1) {
                return 1;
            }
            return GAMMA + (1 - GAMMA) * block / (blocks - 1);
        }
    }
}
