package org.keeplora.train;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.distributed.GradientSum;
import org.keeplora.distributed.LocalBatch;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.store.UserError;
import org.keeplora.train.RunMonitor.Progress;

/**
 * AdamW with a one-cycle schedule, one step per batch. Every process computes its part of the batch and makes the same
 * step.
 */
public record TrainingLoop(TrainSettings settings, ProcessGroup group, Progress progress) {
    /**
     * A loss, gradient or feature is NaN or infinite, so that training cannot continue; the message names the task and
     * what to change.
     */
    public static final class Diverged extends UserError {
        private static final long serialVersionUID = 1L;

        Diverged(String message) {
            super(message);
        }

        Diverged(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Observes a training step by step. */
    public interface Watch {
        /** Starts at the first step and observes nothing. */
        Watch NONE = new Watch() {};

        /** The state to resume from; empty to start at the first step. */
        default Optional<OptimizerState.Saved> begin() {
            return Optional.empty();
        }

        /** What this process requests after the current step. */
        default Checkpoints.Request request() {
            return Checkpoints.Request.CONTINUE;
        }

        /**
         * A step was made. An exception ends the training.
         *
         * @param request of all processes
         * @param state may be called only during this call
         */
        default void stepped(Checkpoints.Request request, Supplier<OptimizerState.Saved> state) {}
    }

    /**
     * Makes one step for each of {@code batches}, or for those that are left; returns the losses of all steps.
     *
     * @param name of the task or training, for errors
     * @throws Diverged when a loss is not a finite number
     */
    public double[] minimize(String name, List<Tensor> parameters, BatchLoss loss, List<int[]> batches, Watch watch) {
        double[] losses = new double[batches.size()];
        try (PointerScope run = new PointerScope();
                GradientSum gradients = group.gradients(parameters)) {
            OptimizerState optimizer = new OptimizerState(settings, parameters, batches.size());
            int first =
                    watch.begin().map(saved -> optimizer.restore(saved, losses)).orElse(0);
            progress.advance(Progress.items(batches.subList(0, first)));
            for (int step = first; step < losses.length; step++) {
                double rate = optimizer.begin(step);
                StepOutcome outcome = step(gradients, optimizer, loss, batches.get(step), watch.request());
                losses[step] = outcome.loss();
                requireFinite(name, step, losses[step]);
                progress.step(losses[step], rate);
                progress.advance(batches.get(step).length);
                double[] done = Arrays.copyOf(losses, step + 1);
                watch.stepped(outcome.request(), () -> optimizer.save(done));
            }
        }
        return losses;
    }

    private StepOutcome step(
            GradientSum gradients, OptimizerState optimizer, BatchLoss loss, int[] batch, Checkpoints.Request mine) {
        try (PointerScope scope = new PointerScope()) {
            StepOutcome.Terms terms = new StepOutcome.Terms(group, mine);
            // the part that all items share, then forward and backward for each part; gradients are summed meanwhile
            gradients.backward(loss.common(), (part, common) -> {
                LocalBatch local = LocalBatch.of(batch, group, part);
                Tensor mean = loss.mean(local.items(), common);
                terms.add(mean, local.weight());
                return optimizer.scaled(local.weighted(mean));
            });
            // every process has the gradient of the batch's mean loss
            optimizer.step();
            // the loss was summed meanwhile
            return terms.sum().await();
        }
    }

    private static void requireFinite(String name, int step, double loss) {
        if (!Double.isFinite(loss)) {
            throw new Diverged(
                    "task " + name + ", step " + step + ": the loss is " + loss + "; try a lower learning rate");
        }
    }
}
