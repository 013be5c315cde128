package org.keeplora.method.internal;

import org.keeplora.engine.Matrix;

/**
 * A low-rank change of a weight, A·B; the receiver closes it.
 *
 * @param a [in x r] float32, orthonormal columns
 * @param b [r x out] float32
 */
public record LoraFactors(Matrix a, Matrix b) implements AutoCloseable {
    @Override
    public void close() {
        a.close();
        b.close();
    }
}
