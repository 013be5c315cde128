package org.keeplora.train;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.keeplora.distributed.PairwiseSum;
import org.keeplora.distributed.Pending;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.torch.Tensors;

/**
 * The joint result of all processes for one step. It is summed while they compute the step.
 *
 * @param loss the mean over the batch
 * @param request the strongest request of any process
 */
record StepOutcome(double loss, Checkpoints.Request request) {
    /** Collects the parts of this process. The last part begins the sum over all processes. */
    static final class Terms {
        private final ProcessGroup group;
        private final Checkpoints.Request mine;
        private final PairwiseSum losses = new PairwiseSum();
        private int parts;
        private Pending<StepOutcome> sum;

        /** @param mine the request of this process */
        Terms(ProcessGroup group, Checkpoints.Request mine) {
            this.group = group;
            this.mine = mine;
        }

        /**
         * Adds a part.
         *
         * @param loss the mean over the part, a scalar
         * @param weight of the part in the mean over the batch
         */
        void add(Tensor loss, double weight) {
            losses.add(List.of(
                    loss.detach().to(ScalarType.Double).mul(new Scalar(weight)).reshape(1)));
            parts++;
            if (parts == group.parts()) {
                Tensor total = losses.total().get(0);
                sum = begin("the loss of a step", group, total, mine);
            }
        }

        /** Under way since the loss of the last part. A GPU does not wait for the loss before {@link Pending#await}. */
        Pending<StepOutcome> sum() {
            return sum;
        }
    }

    private static Pending<StepOutcome> begin(String what, ProcessGroup group, Tensor loss, Checkpoints.Request mine) {
        Tensor votes = Tensors.beside(
                loss, Tensors.ofDoubles(vote(mine, Checkpoints.Request.SAVE), vote(mine, Checkpoints.Request.STOP)));
        // kept, because the scope of a part ends before the sum is complete
        Tensor all = Tensors.keep(torch.cat(new TensorVector(loss, votes), 0));
        Pending<List<Tensor>> sum = group.begin(what, List.of(all));
        return () -> {
            try (all) {
                return of(sum.await().get(0));
            }
        };
    }

    /** The strongest request of all processes between two tasks. */
    static Checkpoints.Request request(ProcessGroup group, Checkpoints.Request mine) {
        try (PointerScope scope = new PointerScope()) {
            return begin("the stop request after a task", group, Tensors.ofDoubles(0), mine)
                    .await()
                    .request();
        }
    }

    private static double vote(Checkpoints.Request mine, Checkpoints.Request asked) {
        return mine == asked ? 1 : 0;
    }

    private static StepOutcome of(Tensor sum) {
        double[] values = Tensors.doubles(sum);
        Checkpoints.Request less = values[1] > 0 ? Checkpoints.Request.SAVE : Checkpoints.Request.CONTINUE;
        return new StepOutcome(values[0], values[2] > 0 ? Checkpoints.Request.STOP : less);
    }
}
