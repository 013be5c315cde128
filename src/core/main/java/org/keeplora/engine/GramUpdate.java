package org.keeplora.engine;

import java.util.Objects;

/**
 * gram ← gram + samplesᵀ · samples.
 *
 * @param gram [in x in] float64, symmetric, written
 * @param samples [n x in] of any type; not modified
 */
public record GramUpdate(Matrix gram, Matrix samples) {
    public GramUpdate {
        Objects.requireNonNull(gram, "GramUpdate: gram is null");
        Objects.requireNonNull(samples, "GramUpdate: samples are null");
    }

    void require(OperandCheck operands) {
        Check.shapes(
                gram.type() == ElementType.F64 && gram.rows() == samples.cols() && gram.cols() == samples.cols(),
                "accumulateGram: samples are %s but gram is %s; gram must be float64 and square in the samples' columns",
                samples,
                gram);
        operands.samples("samples", samples, largestSample())
                .updated("gram", gram, gram.type().largest() / 2);
    }

    /** The squares of float64 samples could overflow; their sum may reach half of the largest number. */
    private double largestSample() {
        double largest = samples.type().largest();
        return samples.type() == ElementType.F64 ? Math.sqrt(largest / 2 / Math.max(1, samples.rows())) : largest;
    }
}
