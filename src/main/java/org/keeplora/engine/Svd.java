package org.keeplora.engine;

/**
 * Thin singular value decomposition, matrix = left · diag(values) · right; the receiver closes it.
 *
 * @param left [m x p] orthonormal columns
 * @param values [p] descending
 * @param right [p x n] orthonormal rows
 */
public record Svd(Matrix left, double[] values, Matrix right) implements AutoCloseable {
    @Override
    public void close() {
        left.close();
        right.close();
    }
}
