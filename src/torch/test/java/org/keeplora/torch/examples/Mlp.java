package org.keeplora.torch.examples;

import org.bytedeco.pytorch.LinearOptions;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.keeplora.engine.Matrix;
import org.keeplora.torch.KeepLoraLinear;
import org.keeplora.torch.TorchMatrix;

/** tanh(x·W₁)·W₂. */
final class Mlp extends Classifier {
    private final KeepLoraLinear up;
    private final KeepLoraLinear down;

    Mlp(float[][] first, float[][] second) {
        up = register_module("up", layer(first));
        down = register_module("down", layer(second));
    }

    private static KeepLoraLinear layer(float[][] start) {
        LinearOptions options = new LinearOptions(start.length, start[0].length);
        options.bias().put(false);
        KeepLoraLinear layer = new KeepLoraLinear(options);
        try (NoGradGuard guard = new NoGradGuard();
                Matrix weight = Matrix.copyOf(start)) {
            layer.weight().copy_(TorchMatrix.view(weight).t());
        }
        return layer;
    }

    @Override
    Tensor forward(Tensor x) {
        return down.forward(up.forward(x).tanh());
    }

    @Override
    Optimizer optimizer(TensorVector parameters) {
        return new SGD(parameters, new SGDOptions(1));
    }

    @Override
    int steps() {
        return 200;
    }

    @Override
    double featureEnergy() {
        return 0.999;
    }
}
