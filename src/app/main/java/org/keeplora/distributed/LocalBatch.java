package org.keeplora.distributed;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The items of a batch that one process computes, at once or in one of its parts.
 *
 * @param items never empty, as every parameter needs a gradient
 * @param weight of the mean over the items in the mean over the batch; 0 if the batch has no item for this process
 */
public record LocalBatch(int[] items, double weight) {
    /**
     * The items of {@code batch} that this process of {@code group} computes in part {@code part}. The batch must have
     * at least one item.
     */
    public static LocalBatch of(int[] batch, ProcessGroup group, int part) {
        int[] own = group.localItems(batch, part);
        return own.length > 0
                ? new LocalBatch(own, (double) own.length / batch.length)
                : new LocalBatch(new int[] {batch[0]}, 0);
    }

    /** Whether the items belong to this process. If not, it borrowed one to have a gradient. */
    public boolean isOwn() {
        return weight > 0;
    }

    /** {@code mean} times the weight: a term of the batch's mean, in the caller's scope. */
    public Tensor weighted(Tensor mean) {
        return weight == 1 ? mean : mean.mul(new Scalar(weight));
    }
}
