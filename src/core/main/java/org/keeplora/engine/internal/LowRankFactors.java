package org.keeplora.engine.internal;

import org.keeplora.engine.Matrix;

/**
 * R ≈ left · right, the best approximation of this rank, up to the accuracy of the range finder; the receiver closes
 * it.
 *
 * @param left [m x r] orthonormal columns, leading left singular vectors
 * @param right [r x n] = leftᵀ·R, orthogonal rows whose norms are the singular values, descending
 */
public record LowRankFactors(Matrix left, Matrix right) implements AutoCloseable {
    @Override
    public void close() {
        left.close();
        right.close();
    }
}
