package org.keeplora.clip;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Layer normalisation over the last dimension, with PyTorch's default ε. The model owns its weights. */
final class LayerNorm {
    static final double EPSILON = 1e-5;

    private final Tensor weight;
    private final Tensor bias;

    LayerNorm(ClipWeights weights, String name, long width) {
        this.weight = weights.take(name + ".weight", width);
        this.bias = weights.take(name + ".bias", width);
    }

    Tensor forward(Tensor x) {
        return torch.layer_norm(
                x, new long[] {weight.size(0)}, new TensorOptional(weight), new TensorOptional(bias), EPSILON, false);
    }
}
