package org.keeplora.engine.internal;

import java.util.Objects;
import org.keeplora.engine.Matrix;

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
}
