package org.keeplora.distributed;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Collects the terms of {@link ProcessGroup#sum(String, Iterable, Accumulator)}: takes one batch after the other, then
 * returns the sum.
 */
public interface Accumulator {
    /**
     * Adds the terms of the items of {@code batch}. Runs in its own scope, and never for a batch without items of this
     * process.
     */
    void add(LocalBatch batch);

    /**
     * Returns Σ of what was added since the last call, in the caller's scope, and starts again from zero.
     *
     * @return contiguous tensors of the same shapes and types every time, zeros where nothing was added
     */
    List<Tensor> take();
}
