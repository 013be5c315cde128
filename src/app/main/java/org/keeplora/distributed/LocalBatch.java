package org.keeplora.distributed;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * What one process computes of a batch, at once or in one of its parts.
 *
 * @param items never empty, as every parameter needs a gradient
 * @param weight of the mean over the items in the mean over the batch; 0 where the batch has no item for this process
 */
public record LocalBatch(int[] items, double weight) {
    /** What this one of {@code group} computes of {@code batch}, which has an item at least, in one of its parts. */
    public static LocalBatch of(int[] batch, ProcessGroup group, int part) {
        int[] own = group.localItems(batch, part);
        return own.length > 0
                ? new LocalBatch(own, (double) own.length / batch.length)
                : new LocalBatch(new int[] {batch[0]}, 0);
    }

    /** Whether the items are this process's, not one that it borrows to have a gradient. */
    public boolean isOwn() {
        return weight > 0;
    }

    /** {@code mean} over the items, as a term of the batch's mean; in the caller's scope. */
    public Tensor weighted(Tensor mean) {
        return weight == 1 ? mean : mean.mul(new Scalar(weight));
    }
}
