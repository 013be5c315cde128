package org.keeplora.ranks;

import org.bytedeco.pytorch.Tensor;

/** The gradients of one training's parameters, summed over the ranks while the backward pass still runs. */
public interface GradientSum extends AutoCloseable {
    /**
     * Runs the backward pass of {@code loss}; the gradient of every parameter is then Σ over ranks of share · (gradient of the rank's loss).
     *
     * @param loss a scalar that depends on every parameter
     * @param share weight of this rank's loss; those of all ranks make 1
     */
    void backward(Tensor loss, double share);

    @Override
    void close();
}
