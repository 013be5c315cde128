package org.keeplora.method;

import java.util.function.DoubleUnaryOperator;

/** Of what a retained share of a weight's spectrum is. */
public enum SpectrumShare {
    /** Σσ²: the definition behind ε_w. */
    ENERGY(value -> value * value),
    /** Σσ: the authors' truncation study. */
    SINGULAR_VALUES(value -> value);

    private final DoubleUnaryOperator weight;

    SpectrumShare(DoubleUnaryOperator weight) {
        this.weight = weight;
    }

    /** The smallest count of leading {@code values} (descending, not negative) that holds {@code share} of their sum. */
    public int rank(double[] values, double share) {
        double total = 0;
        for (double value : values) {
            total += weight.applyAsDouble(value);
        }
        double held = 0;
        int rank = 0;
        while (rank < values.length && held < share * total) {
            held += weight.applyAsDouble(values[rank]);
            rank++;
        }
        return rank;
    }
}
