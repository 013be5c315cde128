package org.keeplora.engine.internal;

import java.util.Objects;
import org.keeplora.engine.Matrix;

/**
 * One projection in place: target ← P·target.
 *
 * @param target [in x out], same type as the projector's basis [in x k], written
 * @param projector P
 */
public record Projection(Matrix target, Projector projector) {
    /**
     * The smallest part of a target's norm that one pass may leave. It leaves rounding u·‖target‖ in the direction that
     * was removed. While a tenth of the target is left, that is at most ten roundings of it; otherwise a second pass is
     * made.
     */
    public static final double CANCELLATION = 0.1;

    public Projection {
        Objects.requireNonNull(target, "Projection: target is null");
        Objects.requireNonNull(projector, "Projection: projector is null");
    }

    /** The projector's basis. */
    public Matrix basis() {
        return projector.basis();
    }
}
