package org.keeplora.method;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Named, complete variants of KeepLoRA. */
public enum Preset {
    /** The method as the paper describes it. */
    PAPER(
            "paper",
            0.6,
            new Switches(
                    Switches.WeightBasis.INPUT,
                    Switches.RankRule.REACHING,
                    Switches.FeatureStatistic.SECOND_MOMENT,
                    Switches.TextFeatures.UP_TO_END_OF_TEXT,
                    Switches.StartB.GRADIENT,
                    Switches.LayerScale.ONE)),
    /** What the authors' MTIL program computes, for comparison with published numbers. */
    OFFICIAL_V1(
            "official-v1",
            0.85,
            new Switches(
                    Switches.WeightBasis.OUTPUT,
                    Switches.RankRule.COUNT_BELOW,
                    Switches.FeatureStatistic.SLOT_MEAN,
                    Switches.TextFeatures.ALL_POSITIONS,
                    Switches.StartB.GRADIENT,
                    Switches.LayerScale.ONE)),
    /** KeepLoRA++: as {@link #OFFICIAL_V1}, with B = 0 and a scale that rises with depth. */
    OFFICIAL_V2(
            "official-v2",
            0.85,
            new Switches(
                    Switches.WeightBasis.OUTPUT,
                    Switches.RankRule.COUNT_BELOW,
                    Switches.FeatureStatistic.SLOT_MEAN,
                    Switches.TextFeatures.ALL_POSITIONS,
                    Switches.StartB.ZERO,
                    Switches.LayerScale.RISING));

    private final String id;
    private final double visionWeightEnergy;
    private final Switches switches;

    Preset(String id, double visionWeightEnergy, Switches switches) {
        this.id = id;
        this.visionWeightEnergy = visionWeightEnergy;
        this.switches = switches;
    }

    /** The name used in configurations and reports. */
    public String id() {
        return id;
    }

    /**
     * The default ε_w of the vision tower. For the official programs it is the published value. {@link #PAPER} protects
     * more at equal ε_w, so it has the value at which Last and General of the small CLIP were best together
     * (benchmarks/results, "Does the mechanism hold?").
     */
    public double visionWeightEnergy() {
        return visionWeightEnergy;
    }

    public Switches switches() {
        return switches;
    }

    /**
     * The preset with the name {@code id}.
     *
     * @throws IllegalArgumentException listing the known names
     */
    public static Preset of(String id) {
        return Arrays.stream(values())
                .filter(preset -> preset.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown preset '" + id + "'; known are "
                        + Arrays.stream(values()).map(Preset::id).collect(Collectors.joining(", "))));
    }
}
