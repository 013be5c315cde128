package org.keeplora.distributed;

import org.bytedeco.pytorch.Tensor;

/** Sums the gradients of the trained parameters over all parts of a batch and all processes. */
public interface GradientSum extends AutoCloseable {
    /** The loss of one part of a batch. */
    interface PartLoss {
        /**
         * The forward pass of one part.
         *
         * @param part from 0, below {@link ProcessGroup#parts}; called in this order
         * @param common what the parts have in common
         * @return a scalar that depends on every parameter; the scalars of all parts of all processes add up to the
         *     mean loss of the batch
         */
        Tensor of(int part, Pending<Tensor> common);
    }

    /**
     * Runs all forward and backward passes of a step. Every parameter then has the gradient of the batch's mean loss.
     *
     * @param common with gradient history, if it has any; undefined if the parts have nothing in common
     */
    void backward(Pending<Tensor> common, PartLoss loss);

    @Override
    void close();
}
