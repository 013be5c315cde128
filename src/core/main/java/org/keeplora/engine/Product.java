package org.keeplora.engine;

import java.util.Objects;

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

    void require(OperandCheck operands) {
        Check.shapes(
                left.cols() == right.rows() && target.rows() == left.rows() && target.cols() == right.cols(),
                "multiply: left is %s, right is %s, target is %s; left's columns must be right's rows, and the target"
                        + " left's rows x right's columns",
                left,
                right,
                target);
        Check.that(
                Double.isFinite(alpha) && Double.isFinite(beta),
                "multiply: alpha is %s and beta is %s; both must be finite",
                alpha,
                beta);
        Check.sameType("multiply", left.matrix(), right.matrix());
        Check.sameType("multiply", left.matrix(), target);
        operands.read("left", left.matrix()).read("right", right.matrix());
        if (beta != 0) {
            operands.updated("target", target, target.type().largest());
        } else {
            operands.written("target", target);
        }
    }
}
