package org.keeplora.train;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.keeplora.clip.Tensors;
import org.keeplora.ranks.Pending;
import org.keeplora.ranks.Ranks;

/**
 * What all ranks make of a step; it travels while they make it.
 *
 * @param loss the mean over the batch
 * @param wish of any of them, the strongest
 */
record StepOutcome(double loss, Checkpoints.Wish wish) {
    /**
     * Begins to sum over the ranks; a GPU does not wait for the loss before {@link Pending#await}.
     *
     * @param loss of this rank's share of the batch, a scalar
     * @param weight of it in the mean over the batch
     * @param mine what this rank wishes
     */
    static Pending<StepOutcome> begin(Ranks ranks, Tensor loss, double weight, Checkpoints.Wish mine) {
        return begin("the loss of a step, and the question whether to save", ranks, loss, weight, mine);
    }

    private static Pending<StepOutcome> begin(
            String what, Ranks ranks, Tensor loss, double weight, Checkpoints.Wish mine) {
        Tensor term =
                loss.detach().to(ScalarType.Double).mul(new Scalar(weight)).reshape(1);
        Tensor votes = Tensors.beside(
                loss, Tensors.ofDoubles(vote(mine, Checkpoints.Wish.SAVE), vote(mine, Checkpoints.Wish.STOP)));
        Pending<List<Tensor>> sum = ranks.begin(what, List.of(torch.cat(new TensorVector(term, votes), 0)));
        return () -> of(sum.await().get(0));
    }

    /** What all ranks wish between two tasks. */
    static Checkpoints.Wish wish(Ranks ranks, Checkpoints.Wish mine) {
        try (PointerScope scope = new PointerScope()) {
            return begin("the question whether to stop after a task", ranks, Tensors.ofDoubles(0), 0, mine)
                    .await()
                    .wish();
        }
    }

    private static double vote(Checkpoints.Wish mine, Checkpoints.Wish asked) {
        return mine == asked ? 1 : 0;
    }

    private static StepOutcome of(Tensor sum) {
        double[] values = Tensors.doubles(sum);
        Checkpoints.Wish less = values[1] > 0 ? Checkpoints.Wish.SAVE : Checkpoints.Wish.GO_ON;
        return new StepOutcome(values[0], values[2] > 0 ? Checkpoints.Wish.STOP : less);
    }
}
