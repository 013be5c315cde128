package org.keeplora.engine;

/**
 * gram ← gram + samplesᵀ · samples.
 *
 * @param samples [n x in] of any type; not modified
 * @param gram [in x in] float64, symmetric, written
 */
public record GramUpdate(Matrix samples, Matrix gram) {}
