package org.keeplora.engine;

import org.keeplora.engine.CudaCopy.Block;

/**
 * One problem of our kernel that copies, scales and adds: target ← factor · source + kept · target.
 *
 * @param copy its source and target; they are the same block, or do not overlap
 * @param kept 0 does not read the target
 */
record CudaCombination(CudaCopy copy, double factor, double kept) {
    static final int FIELDS = 11;

    /** target ← target + factor · term, of the same shape; the types may differ. */
    static CudaCombination sum(Matrix target, double factor, Matrix term) {
        return new CudaCombination(CudaCopy.of(term, target), factor, 1);
    }

    void addTo(CudaProblemTable table) {
        Block source = copy.source();
        Block target = copy.target();
        table.problem()
                .put(source.address())
                .put(source.type())
                .put(source.stride())
                .put(target.address())
                .put(target.type())
                .put(target.stride())
                .put((long) copy.rows())
                .put((long) copy.cols())
                .put(copy.transposed() ? 1L : 0L)
                .put(factor)
                .put(kept);
    }
}
