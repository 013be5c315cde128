package org.keeplora.engine.internal;

import java.util.Objects;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;

/**
 * gram ← gram + samplesᵀ · samples, in the upper triangle.
 *
 * @param gram [in x in] float64, written
 * @param samples [n x in] of any type; not modified
 * @param products float64; or float32 for samples that are narrower than float64: products and sums of
 *     {@link #SINGLE_ROWS} rows in float32, faster on the host for large inputs, and the sum of these in float64
 */
public record GramUpdate(Matrix gram, Matrix samples, ElementType products) {
    /** Rows whose products are summed in float32, if that is chosen. */
    public static final int SINGLE_ROWS = 512;

    public GramUpdate {
        Objects.requireNonNull(gram, "GramUpdate: gram is null");
        Objects.requireNonNull(samples, "GramUpdate: samples are null");
        Objects.requireNonNull(products, "GramUpdate: products are null; they are F64 or F32");
        Require.that(!products.isHalf(), "GramUpdate: products are %s; they must be F64 or F32", products);
    }

    /** Products in float64. */
    public GramUpdate(Matrix gram, Matrix samples) {
        this(gram, samples, ElementType.F64);
    }

    /** Whether the products are computed in float32. */
    public boolean isSingle() {
        return products == ElementType.F32 && samples.type() != ElementType.F64;
    }
}
