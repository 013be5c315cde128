package org.keeplora.engine;

/**
 * One copy of our copy kernel: target[row, col] ← source[row, col], or source[col, row] where transposed; addresses are those of
 * the first element, strides count elements from row to row and may be negative.
 */
record CudaCopy(
        long source,
        ElementType sourceType,
        long sourceStride,
        long target,
        ElementType targetType,
        long targetStride,
        int rows,
        int cols,
        boolean transposed) {
    /** The whole of {@code source} over {@code target} of the same shape, whose type may differ. */
    static CudaCopy of(Matrix source, Matrix target) {
        return columns(source, 0, target);
    }

    /** As many columns of {@code source} as {@code target} has, from {@code first} on. */
    static CudaCopy columns(Matrix source, int first, Matrix target) {
        return new CudaCopy(
                address(source, first),
                source.type(),
                source.cols(),
                address(target, 0),
                target.type(),
                target.cols(),
                target.rows(),
                target.cols(),
                false);
    }

    /** All of {@code source} over columns of {@code target}, from {@code first} on. */
    static CudaCopy intoColumns(Matrix source, Matrix target, int first) {
        return new CudaCopy(
                address(source, 0),
                source.type(),
                source.cols(),
                address(target, first),
                target.type(),
                target.cols(),
                source.rows(),
                source.cols(),
                false);
    }

    /** target ← sourceᵀ. */
    static CudaCopy transposed(Matrix source, Matrix target) {
        return new CudaCopy(
                address(source, 0),
                source.type(),
                source.cols(),
                address(target, 0),
                target.type(),
                target.cols(),
                target.rows(),
                target.cols(),
                true);
    }

    /** The address of the {@code element}-th element. */
    static long address(Matrix matrix, long element) {
        return CudaProblemTable.address(matrix.address())
                + element * matrix.type().bytes();
    }

    void addTo(CudaProblemTable table) {
        table.problem()
                .put(source)
                .put(sourceType)
                .put(sourceStride)
                .put(target)
                .put(targetType)
                .put(targetStride)
                .put((long) rows)
                .put((long) cols)
                .put(transposed ? 1L : 0L);
    }
}
