package org.keeplora.distributed;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/**
 * Cuts the graph at a tensor that several backward passes share. Their backward passes end here, and a single last pass
 * continues from here with the sum of their gradients. A tensor without gradient history is passed on unchanged.
 * Belongs to the scope in which it was made.
 */
public final class GraphCut {
    private final Tensor computed;
    private final Tensor leaf;

    /** @param computed of any shape, with or without gradient history; undefined if there is nothing in common */
    public GraphCut(Tensor computed) {
        this.computed = computed;
        this.leaf = hasHistory() ? computed.detach().requires_grad_(true) : computed;
    }

    private boolean hasHistory() {
        return computed.defined() && computed.requires_grad();
    }

    /** The same values as a leaf, whose gradient sums over the backward passes. */
    public Tensor leaf() {
        return leaf;
    }

    /** {@code parameters}, plus the leaf if it needs a gradient. */
    public List<Tensor> with(List<Tensor> parameters) {
        return hasHistory()
                ? Stream.concat(parameters.stream(), Stream.of(leaf)).toList()
                : parameters;
    }

    /** Continues the backward passes below the cut, all as one. */
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
