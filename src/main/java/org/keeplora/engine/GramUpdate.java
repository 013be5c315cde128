package org.keeplora.engine;

/**
 * gram ← gram + samplesᵀ · samples.
 *
 * @param samples [n x in], float32 or float64; not modified
 * @param gram [in x in] float64, symmetric, written
 */
public record GramUpdate(Matrix samples, Matrix gram) {}
