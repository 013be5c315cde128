package org.keeplora.distributed;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What {@link ProcessGroup#sum(String, Iterable, Accumulator)} collects: takes one batch after the other, then gives
 * what has come.
 */
public interface Accumulator {
    /**
     * Adds what the items of {@code batch} give; runs in a scope of its own, and never for a batch of which this
     * process has nothing.
     */
    void add(LocalBatch batch);

    /**
     * Σ of what was added since the last call, in the caller's scope; the next batch begins with nothing.
     *
     * @return contiguous tensors of the same shapes and types every time, zeros where nothing was added
     */
    List<Tensor> take();
}
