package org.keeplora.engine;

/**
 * target ← alpha · left · right + beta · target.
 *
 * @param left [m x k]
 * @param right [k x n]
 * @param target [m x n], written; shares no memory with left or right
 */
public record Product(Operand left, Operand right, Matrix target, double alpha, double beta) {
    /** target ← left · right. */
    public static Product of(Operand left, Operand right, Matrix target) {
        return new Product(left, right, target, 1, 0);
    }
}
