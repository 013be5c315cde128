package org.keeplora.engine;

/**
 * One projection in place: target ← target − basis·(basisᵀ·target), or target ← basis·(basisᵀ·target).
 *
 * @param basis [in x k], orthonormal columns, k may be 0; not modified
 * @param target [in x out], same type as basis, written
 */
public record Projection(Matrix basis, Matrix target, Part kept) {
    /** Which part of the target stays. */
    public enum Part {
        OUTSIDE_SPAN,
        INSIDE_SPAN
    }

    /** Removes the part of {@code target} inside the span of {@code basis}. */
    public static Projection outOf(Matrix basis, Matrix target) {
        return new Projection(basis, target, Part.OUTSIDE_SPAN);
    }

    /**
     * Keeps only the part of {@code target} inside the span of {@code complement}: the same as {@link #outOf} its orthogonal
     * complement, and cheaper when the complement has fewer columns.
     */
    public static Projection onto(Matrix complement, Matrix target) {
        return new Projection(complement, target, Part.INSIDE_SPAN);
    }
}
