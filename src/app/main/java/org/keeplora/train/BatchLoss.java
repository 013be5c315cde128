package org.keeplora.train;

import org.bytedeco.pytorch.Tensor;
import org.keeplora.distributed.Pending;

/** What a training minimises: the mean of something over the items of a batch. Results belong to the caller's scope. */
public interface BatchLoss {
    /**
     * Computes what does not depend on the items, once a step, before anything else of it; an undefined tensor where
     * there is nothing.
     */
    default Pending<Tensor> common() {
        return Tensor::new;
    }

    /**
     * The mean over a batch, or over a part of it.
     *
     * @param common from {@link #common}
     * @return a scalar with gradient history
     */
    Tensor mean(int[] items, Pending<Tensor> common);
}
