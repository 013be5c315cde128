package org.keeplora.engine.internal;

import java.util.Arrays;
import org.keeplora.engine.Matrix;

/**
 * Thin singular value decomposition, matrix = left · diag(values) · right; the receiver closes it.
 *
 * @param left [m x p] orthonormal columns
 * @param values [p] descending
 * @param right [p x n] orthonormal rows
 */
public record Svd(Matrix left, double[] values, Matrix right) implements AutoCloseable {
    /** diag(values)·right, its first {@code rank} rows [rank x n] float32; the caller closes it. */
    public Matrix scaledRight(int rank) {
        float[] rows = Arrays.copyOf(right.toFloats(), rank * right.cols());
        for (int i = 0; i < rows.length; i++) {
            rows[i] *= (float) values[i / right.cols()];
        }
        return Matrix.copyOf(rank, right.cols(), rows);
    }

    @Override
    public void close() {
        left.close();
        right.close();
    }
}
