package org.keeplora.clip;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.clip.ClipArchitecture.TowerArchitecture;

/** A block's perceptron: to a larger width and back. The model owns its weights. */
final class Mlp {
    private final Tensor up;
    private final Tensor upBias;
    private final Tensor down;
    private final Tensor downBias;
    private final Activation activation;

    Mlp(ClipWeights weights, String name, TowerArchitecture tower) {
        long width = tower.width();
        long hidden = tower.mlpWidth();
        this.up = weights.take(name + ".c_fc.weight", hidden, width);
        this.upBias = weights.take(name + ".c_fc.bias", hidden);
        this.down = weights.take(name + ".c_proj.weight", width, hidden);
        this.downBias = weights.take(name + ".c_proj.bias", width);
        this.activation = tower.activation();
    }

    /** [.. x width] to the same shape, in the caller's scope. */
    Tensor forward(Tensor x) {
        Scalar slope = new Scalar(activation.slope());
        Scalar inverse = new Scalar(1 / activation.slope());
        Tensor hidden = torch.addmm(upBias, x.reshape(-1, up.size(1)), up.t(), slope, slope);
        Tensor rows = torch.addmm(downBias, activation.applySteep(hidden), down.t(), new Scalar(1.0), inverse);
        return rows.reshape(x.sizes());
    }
}
