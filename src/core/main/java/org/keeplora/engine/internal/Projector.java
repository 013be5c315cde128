package org.keeplora.engine.internal;

import java.util.Objects;
import org.keeplora.engine.Matrix;

/**
 * The orthogonal projector P = I − basis·basisᵀ, or P = basis·basisᵀ; never formed.
 *
 * @param basis [in x k], orthonormal columns, k may be 0; not modified
 */
public record Projector(Matrix basis, Part kept) {
    public Projector {
        Objects.requireNonNull(basis, "Projector: basis is null");
        Objects.requireNonNull(kept, "Projector: kept part is null");
    }

    /** Which part of a vector stays. */
    public enum Part {
        /** P = I − basis·basisᵀ. */
        OUTSIDE_SPAN,
        /** P = basis·basisᵀ. */
        INSIDE_SPAN
    }

    /** Removes the part inside the span of {@code basis}. */
    public static Projector outOf(Matrix basis) {
        return new Projector(basis, Part.OUTSIDE_SPAN);
    }

    /**
     * Keeps only the part inside the span of {@code complement}. The result is the same as {@link #outOf} with its
     * orthogonal complement, and cheaper if {@code complement} has fewer columns.
     */
    public static Projector onto(Matrix complement) {
        return new Projector(complement, Part.INSIDE_SPAN);
    }
}
