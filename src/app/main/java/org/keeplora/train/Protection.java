package org.keeplora.train;

import org.keeplora.clip.Tower;

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
