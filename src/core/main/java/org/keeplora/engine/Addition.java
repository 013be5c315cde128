package org.keeplora.engine;

/**
 * target ← target + factor · term.
 *
 * @param term same shape and type as target, not modified
 * @param target written
 */
public record Addition(Matrix term, double factor, Matrix target) {
    void require(OperandCheck operands) {
        Check.shapes(
                term.rows() == target.rows() && term.cols() == target.cols(),
                "add: term is %s but target is %s; shapes must agree",
                term,
                target);
        Check.sameType("add", term, target);
        operands.read("term", term).written("target", target);
    }
}
