package org.keeplora.engine;

import java.util.Objects;

/**
 * One projection in place: target ← P·target.
 *
 * @param target [in x out], same type as the projector's basis [in x k], written
 * @param projector P
 */
public record Projection(Matrix target, Projector projector) {
    public Projection {
        Objects.requireNonNull(target, "Projection: target is null");
        Objects.requireNonNull(projector, "Projection: projector is null");
    }

    /** The projector's basis. */
    public Matrix basis() {
        return projector.basis();
    }

    void require(OperandCheck operands) {
        Check.shapes(
                basis().rows() == target.rows(),
                "projectOut: basis is %s but target is %s; rows must agree (the layer's input width)",
                basis(),
                target);
        Check.sameType("projectOut", basis(), target);
        operands.read("basis", basis()).updated("target", target, largestTarget());
    }

    /**
     * Sums of products with a column of length 1 are at most the norm of the target's column, √rows times its largest
     * element; the factor 2 is for the subtraction.
     */
    private double largestTarget() {
        return target.type().largest() / (2 * Math.sqrt(Math.max(1, target.rows())));
    }
}
