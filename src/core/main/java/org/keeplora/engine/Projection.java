package org.keeplora.engine;

/**
 * One projection in place: target ← P·target.
 *
 * @param target [in x out], same type as the projector's basis [in x k], written
 */
public record Projection(Projector projector, Matrix target) {
    /** Removes the part of {@code target} inside the span of {@code basis}. */
    public static Projection outOf(Matrix basis, Matrix target) {
        return new Projection(Projector.outOf(basis), target);
    }

    /** Keeps only the part of {@code target} inside the span of {@code complement}. */
    public static Projection onto(Matrix complement, Matrix target) {
        return new Projection(Projector.onto(complement), target);
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
        operands.read("basis", basis()).read("target", target);
    }
}
