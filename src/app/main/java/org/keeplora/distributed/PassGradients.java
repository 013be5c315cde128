package org.keeplora.distributed;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** Gradients of several tensors, of which each part of a batch, or of a data set, gives a term. */
public final class PassGradients {
    private final List<Tensor> tensors;
    private final PairwiseSum terms = new PairwiseSum();

    /**
     * Without terms.
     *
     * @param tensors leaves that require gradients and have none yet
     * @throws IllegalArgumentException when one is no such leaf: backward passes would leave nothing in it
     */
    public PassGradients(List<Tensor> tensors) {
        if (!tensors.stream().allMatch(tensor -> tensor.is_leaf() && tensor.requires_grad())) {
            throw new IllegalArgumentException(
                    "gradients of passes: not every tensor is a leaf that requires its gradient");
        }
        this.tensors = List.copyOf(tensors);
    }

    /** Takes the gradients that backward passes have left in the tensors, as a term. */
    public void take() {
        try (PointerScope scope = new PointerScope()) {
            terms.add(tensors.stream().map(PassGradients::taken).toList());
        }
    }

    private static Tensor taken(Tensor tensor) {
        Tensor slot = tensor.mutable_grad();
        Tensor gradient = new Tensor(slot);
        slot.reset();
        return gradient;
    }

    /** Leaves in the tensors the sum of all terms of all processes. What no pass has reached, on any process, stays without gradient. */
    public void sum(String what, ProcessGroup group) {
        try (PointerScope scope = new PointerScope()) {
            List<Tensor> total = terms.total();
            group.sum(what, total.stream().filter(Tensor::defined).toList());
            for (int i = 0; i < total.size(); i++) {
                tensors.get(i).mutable_grad().put(total.get(i));
            }
        }
    }
}
