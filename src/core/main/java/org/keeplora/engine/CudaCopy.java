package org.keeplora.engine;

/**
 * One copy of our copy kernel: target[row, col] ← source[row, col], or source[col, row] where transposed.
 *
 * @param rows of the target
 * @param cols of the target
 */
record CudaCopy(Block source, Block target, int rows, int cols, boolean transposed) {
    /**
     * Where elements lie on the device.
     *
     * @param address of the first element
     * @param stride elements from row to row; may be negative
     */
    record Block(long address, ElementType type, long stride) {
        /** From the {@code element}-th element of {@code matrix} on, row below row. */
        static Block of(Matrix matrix, long element) {
            long address = CudaProblemTable.address(matrix.address())
                    + element * matrix.type().bytes();
            return new Block(address, matrix.type(), matrix.cols());
        }

        /** The same with other steps from row to row. */
        Block withStride(long other) {
            return new Block(address, type, other);
        }
    }

    /** The whole of {@code source} over {@code target} of the same shape, whose type may differ. */
    static CudaCopy of(Matrix source, Matrix target) {
        return columns(source, 0, target);
    }

    /** As many columns of {@code source} as {@code target} has, from {@code first} on. */
    static CudaCopy columns(Matrix source, int first, Matrix target) {
        return new CudaCopy(Block.of(source, first), Block.of(target, 0), target.rows(), target.cols(), false);
    }

    /** All of {@code source} over columns of {@code target}, from {@code first} on. */
    static CudaCopy intoColumns(Matrix source, Matrix target, int first) {
        return new CudaCopy(Block.of(source, 0), Block.of(target, first), source.rows(), source.cols(), false);
    }

    /** target ← sourceᵀ. */
    static CudaCopy transposed(Matrix source, Matrix target) {
        return new CudaCopy(Block.of(source, 0), Block.of(target, 0), target.rows(), target.cols(), true);
    }

    void addTo(CudaProblemTable table) {
        table.problem()
                .put(source.address)
                .put(source.type)
                .put(source.stride)
                .put(target.address)
                .put(target.type)
                .put(target.stride)
                .put((long) rows)
                .put((long) cols)
                .put(transposed ? 1L : 0L);
    }
}
