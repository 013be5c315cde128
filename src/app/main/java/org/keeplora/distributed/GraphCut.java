package org.keeplora.distributed;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/**
 * What several backward passes have in common and one forward pass computed: they end here, and one more pass goes on
 * from here with the sum of their gradients. Without gradient history it is only handed on. Belongs to the scope in
 * which it was made.
 */
public final class GraphCut {
    private final Tensor computed;
    private final Tensor leaf;

    /** @param computed of any shape, with gradient history or without; undefined where there is nothing in common */
    public GraphCut(Tensor computed) {
        this.computed = computed;
        this.leaf = hasHistory() ? computed.detach().requires_grad_(true) : computed;
    }

    private boolean hasHistory() {
        return computed.defined() && computed.requires_grad();
    }

    /** The same values; backward passes add to its gradient. */
    public Tensor leaf() {
        return leaf;
    }

    /** {@code parameters}, and the leaf where it gets a gradient too. */
    public List<Tensor> with(List<Tensor> parameters) {
        return hasHistory()
                ? Stream.concat(parameters.stream(), Stream.of(leaf)).toList()
                : parameters;
    }

    /** The rest of the backward passes, all in one. */
    public void backwardThroughCut() {
        if (!hasHistory()) {
            return;
        }
        try (BoolOptional keepGraph = new BoolOptional();
                TensorArrayRefOptional everyInput = new TensorArrayRefOptional()) {
            computed.backward(leaf.grad(), keepGraph, false, everyInput);
        }
    }
}
