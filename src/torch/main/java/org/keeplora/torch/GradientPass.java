package org.keeplora.torch;

import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.internal.Require;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.learner.Gradients;

/**
 * A pass over a task's data that sums the gradients of the layers' weights. While it is open, these weights require a
 * gradient and the module's other parameters do not. No tensor's {@code grad} is touched. It is opened and closed in
 * one PointerScope, on one thread.
 */
final class GradientPass implements AutoCloseable {
    private final KeepLoraLayers layers;
    private final Linalg linalg;
    private final Gradients gradients;
    private final TensorVector weights = new TensorVector();
    private final Map<Tensor, Boolean> required = new IdentityHashMap<>();
    private final Set<String> called = new HashSet<>();
    private final AutoGradMode mode = new AutoGradMode(true);

    GradientPass(KeepLoraLayers layers, Linalg linalg, Gradients gradients) {
        this.layers = layers;
        this.linalg = linalg;
        this.gradients = gradients;
        for (Tensor parameter : layers.module().parameters().get()) {
            required.put(parameter, parameter.requires_grad());
            parameter.requires_grad_(false);
        }
        layers.byName().forEach((name, layer) -> {
            weights.push_back(layer.weight().requires_grad_(true));
            layer.tap(x -> called.add(name));
        });
    }

    /** Adds the gradients of the loss of batch {@code number}. */
    void add(int number, Tensor loss) {
        requireLoss(number, loss);
        TensorVector each =
                torch.grad(new TensorVector(loss), weights, new TensorVector(), new BoolOptional(), false, true);
        List<String> names = layers.names();
        for (int i = 0; i < names.size(); i++) {
            if (each.get(i).defined()) {
                add(names.get(i), each.get(i));
            }
        }
    }

    private static void requireLoss(int number, Tensor loss) {
        Require.that(
                loss != null && loss.numel() == 1,
                "begin: the loss of batch %d is %s; it must be one number",
                number,
                loss == null ? "null" : "of shape " + Arrays.toString(Tensors.shape(loss)));
        Require.that(
                loss.requires_grad(),
                "begin: the loss of batch %d depends on no adapted layer; compute it with their module, outside of"
                        + " NoGradGuard",
                number);
    }

    private void add(String name, Tensor gradient) {
        Require.that(
                called.contains(name),
                "begin: %s: its weight has a gradient, but its forward was not called from Java; call it in the forward"
                        + " of a module of yours, as a native container knows no adapter",
                name);
        try (ResourceScope scope = new ResourceScope()) {
            gradients.add(name, TorchValues.ofWeight(gradient, linalg, scope));
        }
    }

    /** Every parameter requires a gradient as before. */
    @Override
    public void close() {
        layers.byName().values().forEach(layer -> layer.tap(null));
        required.forEach(Tensor::requires_grad_);
        mode.close();
    }
}
