package org.keeplora.method;

import java.util.List;

/**
 * A spectrum, drawn with the same few numbers whatever the width: how much of all energy Σσ² the leading directions hold.
 *
 * @param shares held by the leading 0, 1/32, 2/32, ... 1 of the input's directions, {@value #POINTS} numbers in [0, 1] that do not fall;
 *     between two counts of directions the value lies on the straight line. All are 1 where there is no energy
 */
public record EnergyCurve(List<Double> shares) {
    /** How many shares of the width are looked at. */
    public static final int POINTS = 33;

    public EnergyCurve {
        shares = List.copyOf(shares);
    }
}
