package org.keeplora.method;

/** What is kept of a task's features to grow the protected subspaces. */
public enum FeatureStatistic {
    /** Σ xᵀx over all images and tokens: {@link SecondMoment}. */
    SECOND_MOMENT,
    /** The element-wise mean over batches, one batch wide: {@link SlotMean}; what the authors' MTIL program does. */
    SLOT_MEAN
}
