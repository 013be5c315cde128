package org.keeplora.engine;

/**
 * gram ← gram + samplesᵀ · samples.
 *
 * @param samples [n x in] of any type; not modified
 * @param gram [in x in] float64, symmetric, written
 */
public record GramUpdate(Matrix samples, Matrix gram) {
    void require(OperandCheck operands) {
        Check.shapes(
                gram.type() == ElementType.F64 && gram.rows() == samples.cols() && gram.cols() == samples.cols(),
                "accumulateGram: samples are %s but gram is %s; gram must be float64 and square in the samples' columns",
                samples,
                gram);
        operands.samples("samples", samples).read("gram", gram);
    }
}
