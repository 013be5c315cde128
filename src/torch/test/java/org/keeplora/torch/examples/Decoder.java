package org.keeplora.torch.examples;

import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.examples.Task;
import org.keeplora.torch.KeepLoraLayers;
import org.keeplora.torch.KeepLoraLinear;

/**
 * A small decoder of one block with grouped queries, as in today's language models: key and value are half as wide as
 * the query, the feed-forward part is gated, and the last token gives the scores.
 */
final class Decoder extends TokenClassifier {
    private static final int WIDTH = 32;
    private static final int INNER = 80;

    private final KeepLoraLinear embed = register_module("embed", new KeepLoraLinear(TokenTasks.WIDTH, WIDTH));
    private final LayerNormImpl norm1 = register_module("norm1", new LayerNormImpl(new LongVector(new long[] {WIDTH})));
    private final KeepLoraLinear query = register_module("query", new KeepLoraLinear(WIDTH, WIDTH));
    private final KeepLoraLinear key = register_module("key", new KeepLoraLinear(WIDTH, WIDTH / 2));
    private final KeepLoraLinear value = register_module("value", new KeepLoraLinear(WIDTH, WIDTH / 2));
    private final KeepLoraLinear out = register_module("out", new KeepLoraLinear(WIDTH, WIDTH));
    private final LayerNormImpl norm2 = register_module("norm2", new LayerNormImpl(new LongVector(new long[] {WIDTH})));
    private final KeepLoraLinear gate = register_module("gate", new KeepLoraLinear(WIDTH, INNER));
    private final KeepLoraLinear up = register_module("up", new KeepLoraLinear(WIDTH, INNER));
    private final KeepLoraLinear down = register_module("down", new KeepLoraLinear(INNER, WIDTH));
    private final KeepLoraLinear head = register_module("head", new KeepLoraLinear(WIDTH, Task.CLASSES));

    @Override
    KeepLoraLayers layers() {
        return KeepLoraLayers.of(this)
                .sharing("attention", "query", "key", "value")
                .sharing("feed-forward", "gate", "up");
    }

    @Override
    Tensor forward(Tensor x) {
        Tensor tokens = embed.forward(x.reshape(-1, TokenTasks.TOKENS, TokenTasks.WIDTH));
        tokens = tokens.add(attention(norm1.forward(tokens)));
        tokens = tokens.add(feedForward(norm2.forward(tokens)));
        return head.forward(tokens.select(1, TokenTasks.TOKENS - 1));
    }

    private Tensor attention(Tensor x) {
        return out.forward(attended(query.forward(x), key.forward(x), value.forward(x), true));
    }

    private Tensor feedForward(Tensor x) {
        return down.forward(torch.silu(gate.forward(x)).mul(up.forward(x)));
    }
}
