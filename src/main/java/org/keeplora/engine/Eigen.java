package org.keeplora.engine;

/**
 * Eigen-decomposition of a symmetric matrix; the receiver closes it.
 *
 * @param values [n] descending
 * @param vectors [n x n], column i belongs to value i
 */
public record Eigen(double[] values, Matrix vectors) implements AutoCloseable {
    @Override
    public void close() {
        vectors.close();
    }
}
