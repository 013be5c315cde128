package org.keeplora.distributed;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * What one rank computes of a batch where gradients are needed.
 *
 * @param items never empty, as every parameter needs a gradient
 * @param weight of the mean over the items in the mean over the batch; 0 where the batch has no item for this rank
 */
public record Share(int[] items, double weight) {
    /** What this one of {@code ranks} computes of {@code batch}, which has an item at least, in one of its parts. */
    public static Share of(int[] batch, Ranks ranks, int part) {
        int[] own = ranks.share(batch, part);
        return own.length > 0 ? new Share(own, (double) own.length / batch.length) : new Share(new int[] {batch[0]}, 0);
    }

    /** {@code mean} over the items, as a term of the batch's mean; in the caller's scope. */
    public Tensor weighted(Tensor mean) {
        return weight == 1 ? mean : mean.mul(new Scalar(weight));
    }
}
