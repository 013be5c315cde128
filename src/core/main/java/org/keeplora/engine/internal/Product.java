package org.keeplora.engine.internal;

import java.util.Objects;
import org.keeplora.engine.Matrix;

/**
 * target ← alpha · left · right + beta · target.
 *
 * @param target [m x n], written; shares no memory with left or right
 * @param left [m x k]
 * @param right [k x n]
 */
public record Product(Matrix target, double alpha, Operand left, Operand right, double beta) {
    public Product {
        Objects.requireNonNull(target, "Product: target is null");
        Objects.requireNonNull(left, "Product: left is null");
        Objects.requireNonNull(right, "Product: right is null");
    }

    /** target ← left · right. */
    public static Product of(Matrix target, Operand left, Operand right) {
        return new Product(target, 1, left, right, 0);
    }
}
