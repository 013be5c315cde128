package org.keeplora.distributed;

import org.bytedeco.pytorch.Tensor;

/** The gradients of one training's parameters, over all parts of a batch and all processes. */
public interface GradientSum extends AutoCloseable {
    /** The loss of one part of a batch. */
    interface PartLoss {
        /**
         * Its forward pass.
         *
         * @param part from 0, below {@link ProcessGroup#parts}; asked in this order
         * @param common what the parts have in common
         * @return a scalar that depends on every parameter; those of all parts of all processes add up to the batch's
         *     mean loss
         */
        Tensor of(int part, Pending<Tensor> common);
    }

    /**
     * Runs all forward and backward passes of a step; the gradient of every parameter is then that of the batch's mean
     * loss.
     *
     * @param common with gradient history, if it has any; undefined where the parts have nothing in common
     */
    void backward(Pending<Tensor> common, PartLoss loss);

    @Override
    void close();
}
