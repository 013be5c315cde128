package org.keeplora.ranks;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/**
 * What several backward passes have in common and one forward pass computed: they end here, and one more pass goes on from here with the
 * sum of their gradients. Belongs to the scope in which it was made.
 */
public final class Junction {
    private final Tensor computed;
    private final Tensor leaf;

    /** @param computed with gradient history */
    public Junction(Tensor computed) {
        this.computed = computed;
        this.leaf = computed.detach().requires_grad_(true);
    }

    /** The same values; backward passes add to its gradient. */
    public Tensor leaf() {
        return leaf;
    }

    /** The rest of the backward passes, all in one. */
    public void goOn() {
        try (BoolOptional keepGraph = new BoolOptional();
                TensorArrayRefOptional everyInput = new TensorArrayRefOptional()) {
            computed.backward(leaf.grad(), keepGraph, false, everyInput);
        }
    }
}
