package org.keeplora.engine;

import java.util.Objects;

/**
 * target ← target + factor · term.
 *
 * @param target written
 * @param term same shape and type as target, not modified
 */
public record Addition(Matrix target, double factor, Matrix term) {
    public Addition {
        Objects.requireNonNull(target, "Addition: target is null");
        Objects.requireNonNull(term, "Addition: term is null");
    }

    void require(OperandCheck operands) {
        Check.shapes(
                term.rows() == target.rows() && term.cols() == target.cols(),
                "add: term is %s but target is %s; shapes must agree",
                term,
                target);
        Check.sameType("add", term, target);
        Check.that(Double.isFinite(factor), "add: factor is %s; it must be finite", factor);
        operands.read("term", term).written("target", target);
    }
}
