package org.keeplora.train;

import org.bytedeco.pytorch.Tensor;
import org.keeplora.distributed.Pending;

/** The loss that a training minimises: a mean over the items of a batch. Results belong to the caller's scope. */
public interface BatchLoss {
    /**
     * Computes once per step, before the rest of the loss, what does not depend on the items. An undefined tensor if
     * there is nothing of that kind.
     */
    default Pending<Tensor> common() {
        return Tensor::new;
    }

    /**
     * The mean over a batch, or over a part of it.
     *
     * @param items of the batch or of its part
     * @param common from {@link #common}
     * @return a scalar with gradient history
     */
    Tensor mean(int[] items, Pending<Tensor> common);
}
