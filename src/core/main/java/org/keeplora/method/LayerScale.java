package org.keeplora.method;

/** A factor on the adapter scale that depends on the block's depth. */
public enum LayerScale {
    /** The same scale everywhere. */
    ONE,
    /** Block l of L of the vision tower: γ + (1−γ)·l/(L−1) with γ = 0.2 (KeepLoRA++). */
    RISING;

    private static final double GAMMA = 0.2;

    /** The factor of vision block {@code block} of {@code blocks}, counted from 0. The text tower's factor is always 1. */
    public double ofVisionBlock(int block, int blocks) {
        if (this == ONE || blocks == 1) {
            return 1;
        }
        return GAMMA + (1 - GAMMA) * block / (blocks - 1);
    }
}
