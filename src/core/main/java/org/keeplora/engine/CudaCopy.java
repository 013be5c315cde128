package org.keeplora.engine;

/**
 * One copy: target[row, col] ← source[row, col], or source[col, row] if transposed.
 *
 * @param rows of the target
 * @param cols of the target
 */
record CudaCopy(Block source, Block target, int rows, int cols, boolean transposed) {
    /**
     * A block of elements on the device.
     *
     * @param address of the first element
     * @param stride elements from row to row; may be negative
     */
    record Block(long address, ElementType type, long stride) {
        /** The block that begins at the {@code element}-th element of {@code matrix} and has its row stride. */
        static Block of(Matrix matrix, long element) {
            long address = Storage.addressOf(matrix.address())
                    + element * matrix.type().bytes();
            return new Block(address, matrix.type(), matrix.cols());
        }

        /** The same block with another stride. */
        Block withStride(long other) {
            return new Block(address, type, other);
        }
    }

    /** Copies all of {@code source} to {@code target}, of the same shape; the type may differ. */
    static CudaCopy of(Matrix source, Matrix target) {
        return columns(source, 0, target);
    }

    /** Copies columns of {@code source}, from {@code first} on, to all columns of {@code target}. */
    static CudaCopy columns(Matrix source, int first, Matrix target) {
        return new CudaCopy(Block.of(source, first), Block.of(target, 0), target.rows(), target.cols(), false);
    }

    /** target ← sourceᵀ. */
    static CudaCopy transposed(Matrix source, Matrix target) {
        return new CudaCopy(Block.of(source, 0), Block.of(target, 0), target.rows(), target.cols(), true);
    }
}
