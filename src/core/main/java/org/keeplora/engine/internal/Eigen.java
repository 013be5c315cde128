package org.keeplora.engine.internal;

import org.keeplora.engine.Matrix;

/**
 * Eigen-decomposition of a symmetric matrix; the receiver closes it.
 *
 * @param values [n x 1] float64, descending
 * @param vectors [n x n], column i belongs to value i
 */
public record Eigen(Matrix values, Matrix vectors) implements AutoCloseable {
    @Override
    public void close() {
        values.close();
        vectors.close();
    }
}
