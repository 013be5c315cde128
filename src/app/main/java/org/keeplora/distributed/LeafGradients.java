package org.keeplora.distributed;

import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Takes the gradients of backward passes out of leaf tensors, term by term, and puts the sums back. */
public final class LeafGradients {
    private final List<Tensor> leaves;

    /**
     * Starts without gradients.
     *
     * @param leaves that require gradients and have none yet
     * @throws IllegalArgumentException when a tensor is not such a leaf, as backward passes would store no gradient in
     *     it
     */
    public LeafGradients(List<Tensor> leaves) {
        if (!leaves.stream().allMatch(tensor -> tensor.is_leaf() && tensor.requires_grad())) {
            throw new IllegalArgumentException("LeafGradients: not every tensor is a leaf that requires its gradient");
        }
        this.leaves = List.copyOf(leaves);
    }

    /** Accumulates the gradients of {@code loss}, a scalar for each batch. */
    public Accumulator of(Function<LocalBatch, Tensor> loss) {
        return new Accumulator() {
            @Override
            public void add(LocalBatch batch) {
                loss.apply(batch).backward();
            }

            @Override
            public List<Tensor> take() {
                return LeafGradients.this.take();
            }
        };
    }

    /** The gradients since the last call, zeros where there are none; in the caller's scope. */
    List<Tensor> take() {
        return leaves.stream().map(LeafGradients::taken).toList();
    }

    private static Tensor taken(Tensor leaf) {
        Tensor slot = leaf.mutable_grad();
        if (!slot.defined()) {
            try (NoGradGuard guard = new NoGradGuard()) {
                return torch.zeros_like(leaf);
            }
        }
        Tensor gradient = new Tensor(slot);
        slot.reset();
        return gradient;
    }

    /**
     * Sets the gradients of the leaves to {@code sums}.
     *
     * @param sums of all terms, one for each leaf in their order
     */
    public void put(List<Tensor> sums) {
        for (int i = 0; i < sums.size(); i++) {
            leaves.get(i).mutable_grad().put(sums.get(i));
        }
    }
}
