package org.keeplora.torch.examples;

import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.examples.Task;
import org.keeplora.torch.KeepLoraLayers;
import org.keeplora.torch.KeepLoraLinear;

/** A small vision transformer of one block, over 5 patches of 8 numbers. */
final class VitBlock extends TokenClassifier {
    private static final int PATCH = TokenTasks.WIDTH;
    private static final int WIDTH = 32;

    private final KeepLoraLinear embed = register_module("embed", new KeepLoraLinear(PATCH, WIDTH));
    private final Tensor position =
            register_parameter("position", torch.zeros(TokenTasks.TOKENS, WIDTH).requires_grad_(true));
    private final LayerNormImpl norm1 = register_module("norm1", new LayerNormImpl(new LongVector(new long[] {WIDTH})));
    private final KeepLoraLinear query = register_module("query", new KeepLoraLinear(WIDTH, WIDTH));
    private final KeepLoraLinear key = register_module("key", new KeepLoraLinear(WIDTH, WIDTH));
    private final KeepLoraLinear value = register_module("value", new KeepLoraLinear(WIDTH, WIDTH));
    private final KeepLoraLinear out = register_module("out", new KeepLoraLinear(WIDTH, WIDTH));
    private final LayerNormImpl norm2 = register_module("norm2", new LayerNormImpl(new LongVector(new long[] {WIDTH})));
    private final KeepLoraLinear up = register_module("up", new KeepLoraLinear(WIDTH, 4 * WIDTH));
    private final KeepLoraLinear down = register_module("down", new KeepLoraLinear(4 * WIDTH, WIDTH));
    private final KeepLoraLinear head = register_module("head", new KeepLoraLinear(WIDTH, Task.CLASSES));

    @Override
    KeepLoraLayers layers() {
        return KeepLoraLayers.of(this).sharing("attention", "query", "key", "value");
    }

    @Override
    Tensor forward(Tensor x) {
        Tensor tokens = embed.forward(x.reshape(-1, TokenTasks.TOKENS, PATCH)).add(position);
        tokens = tokens.add(attention(norm1.forward(tokens)));
        tokens = tokens.add(down.forward(torch.gelu(up.forward(norm2.forward(tokens)))));
        return head.forward(tokens.mean(1));
    }

    private Tensor attention(Tensor x) {
        return out.forward(attended(query.forward(x), key.forward(x), value.forward(x), false));
    }
}
