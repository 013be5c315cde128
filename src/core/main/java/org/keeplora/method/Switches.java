package org.keeplora.method;

/**
 * Everything in which variants of KeepLoRA differ; {@link Preset} names the combinations that were published.
 *
 * @param weightBasis which singular vectors of the weights are protected
 * @param rankRule how many of them
 * @param features what is kept of a task's features
 * @param textFeatures which positions of a prompt count
 * @param startB what B starts from
 * @param layerScale how the adapter scale depends on depth
 */
public record Switches(
        WeightBasis weightBasis,
        RankRule rankRule,
        FeatureStatistic features,
        TextFeatures textFeatures,
        StartB startB,
        LayerScale layerScale) {

    /** Which singular vectors of a weight W [in x out] span what must not move. */
    public enum WeightBasis {
        /** Left vectors of W: directions of the layer's input, as the paper has it. */
        INPUT,
        /**
         * Right vectors of W (left vectors of PyTorch's stored [out x in] matrix), yet applied on the input side: what
         * the authors' MTIL program does. Only defined where in = out.
         */
        OUTPUT
    }

    /** How many singular directions of a weight are protected for a share of its energy. */
    public enum RankRule {
        /** The smallest number whose cumulative share is at least the wanted one. */
        REACHING,
        /** The number of cumulative shares below the wanted one, at least 1: what the authors' MTIL program does. */
        COUNT_BELOW;

        /** The number, from the smallest one that reaches the share. */
        int count(int reaching) {
            return this == REACHING ? reaching : Math.max(1, reaching - 1);
        }
    }

    /** What is kept of a task's features to grow the protected subspaces. */
    public enum FeatureStatistic {
        /** Σ xᵀx over all images and tokens: {@link SecondMoment}. */
        SECOND_MOMENT,
        /**
         * The element-wise mean over batches, one batch wide: {@link SlotMean}; what the authors' MTIL program does.
         */
        SLOT_MEAN
    }

    /** Which positions of a prompt count as features of the text tower. */
    public enum TextFeatures {
        /** Tokens up to and including end-of-text. */
        UP_TO_END_OF_TEXT,
        /** Every position of the context, padding too: what the authors' MTIL program does. */
        ALL_POSITIONS
    }

    /** What the trained LoRA factor B starts from. */
    public enum StartB {
        /** S_r V_rᵀ of the projected gradient; the weight is reduced by s·A·B so that the function stays the same. */
        GRADIENT,
        /** Zero (KeepLoRA++). */
        ZERO
    }

    /** A factor on the adapter scale that depends on the block's depth. */
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
