package org.keeplora.clip;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A block's perceptron, width to four times the width and back. Its weights are the model's. */
final class Mlp {
    private final Tensor up;
    private final Tensor upBias;
    private final Tensor down;
    private final Tensor downBias;
    private final Activation activation;

    Mlp(ClipWeights weights, String name, long width, Activation activation) {
        this.up = weights.take(name + ".c_fc.weight", 4 * width, width);
        this.upBias = weights.take(name + ".c_fc.bias", 4 * width);
        this.down = weights.take(name + ".c_proj.weight", width, 4 * width);
        this.downBias = weights.take(name + ".c_proj.bias", width);
        this.activation = activation;
    }

    /** [.. x width] to the same, in the caller's scope. */
    Tensor forward(Tensor x) {
        Scalar slope = new Scalar(activation.slope());
        Scalar inverse = new Scalar(1 / activation.slope());
        Tensor hidden = torch.addmm(upBias, x.reshape(-1, up.size(1)), up.t(), slope, slope);
        Tensor rows = torch.addmm(downBias, activation.applySteep(hidden), down.t(), new Scalar(1.0), inverse);
        return rows.reshape(x.sizes());
    }
}
