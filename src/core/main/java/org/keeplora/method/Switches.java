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
        WeightBasisSide weightBasis,
        RankRule rankRule,
        FeatureStatistic features,
        TextFeatures textFeatures,
        StartB startB,
        LayerScale layerScale) {}
