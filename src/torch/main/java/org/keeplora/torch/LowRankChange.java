package org.keeplora.torch;

import org.bytedeco.pytorch.Tensor;

/**
 * The change of one weight by a task: W [in x out] ← W + a·b; the receiver closes it.
 *
 * @param a [in x r] float32
 * @param b [r x out] float32, including the adapter's scale
 */
public record LowRankChange(Tensor a, Tensor b) implements AutoCloseable {
    /** The rank r. */
    public int rank() {
        return (int) a.size(1);
    }

    @Override
    public void close() {
        a.close();
        b.close();
    }
}
