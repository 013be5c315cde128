package org.keeplora.torch;

import org.bytedeco.pytorch.Tensor;

/**
 * What a task changed of one weight: W [in x out] ← W + a·b; the receiver closes it.
 *
 * @param a [in x r] float32
 * @param b [r x out] float32, the adapter's scale within
 */
public record LowRankChange(Tensor a, Tensor b) implements AutoCloseable {
    /** r. */
    public int rank() {
        return (int) a.size(1);
    }

    @Override
    public void close() {
        a.close();
        b.close();
    }
}
