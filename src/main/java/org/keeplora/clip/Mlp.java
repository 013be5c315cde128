package org.keeplora.clip;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A block's perceptron, width to four times the width and back. Its weights are the model's. */
final class Mlp {
    private static final Scalar ONE = new Scalar(1.0);

    private final Tensor up;
    private final Tensor upBias;
    private final Tensor down;
    private final Tensor downBias;
    private final Activation activation;
    private final Scalar slope;
    private final Scalar inverseSlope;

    Mlp(ClipWeights weights, String name, long width, Activation activation) {
        this.up = weights.take(name + ".c_fc.weight", 4 * width, width);
        this.upBias = weights.take(name + ".c_fc.bias", 4 * width);
        this.down = weights.take(name + ".c_proj.weight", width, 4 * width);
        this.downBias = weights.take(name + ".c_proj.bias", width);
        this.activation = activation;
        this.slope = new Scalar(activation.slope());
        this.inverseSlope = new Scalar(1 / activation.slope());
    }

    /** [.. x width] to the same. */
    Tensor forward(Tensor x) {
        Tensor hidden = torch.addmm(upBias, x.reshape(-1, up.size(1)), up.t(), slope, slope);
        Tensor rows = torch.addmm(downBias, activation.applySteep(hidden), down.t(), ONE, inverseSlope);
        return rows.reshape(x.sizes());
    }
}
