package org.keeplora.torch.examples;

import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.keeplora.torch.KeepLoraLayers;

/** A module of somebody's, from inputs [n x 40] to scores [n x 4]. */
abstract class Classifier extends Module {
    abstract Tensor forward(Tensor x);

    abstract Optimizer optimizer(TensorVector parameters);

    /** Number of steps of a training, each over one batch. */
    abstract int steps();

    /** ε_f. */
    abstract double featureEnergy();

    /** What KeepLoRA adapts of it. */
    KeepLoraLayers layers() {
        return KeepLoraLayers.of(this);
    }
}
