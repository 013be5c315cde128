package org.keeplora.train;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.keeplora.clip.ClassHead;

/** Trains what is attached to the model: AdamW under a one-cycle schedule, a step a batch. */
final class TaskTrainer {
    private final Objective objective;
    private final TrainSettings settings;
    private final RunProgress progress;

    TaskTrainer(Objective objective, TrainSettings settings, RunProgress progress) {
        this.objective = objective;
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * One optimiser step for each of {@code batches}; returns their losses.
     *
     * @throws IllegalStateException when a loss is no finite number
     */
    double[] train(TaskData task, ContinualMethod method, List<int[]> batches) {
        progress.begin(
                task.name() + " training",
                batches.stream().mapToLong(batch -> batch.length).sum());
        OneCycle schedule = new OneCycle(settings.learningRate(), batches.size());
        double[] losses = new double[batches.size()];
        try (PointerScope run = new PointerScope()) {
            List<Tensor> parameters = parameters(task);
            AdamW optimizer = new AdamW(new TensorVector(parameters.toArray(Tensor[]::new)), options());
            LossScale scale = new LossScale(settings.precision());
            AdamWOptions live = new AdamWOptions(optimizer.param_groups().get(0).options());
            int firstMoment = firstMomentIndex(live.betas());
            for (int step = 0; step < losses.length; step++) {
                live.set_lr(schedule.learningRate(step));
                live.betas().put(firstMoment, schedule.momentum(step));
                int[] batch = batches.get(step);
                try (PointerScope scope = new PointerScope()) {
                    optimizer.zero_grad();
                    Tensor loss = loss(task, method, batch);
                    scale.scaled(loss).backward();
                    if (scale.unscale(parameters)) {
                        optimizer.step();
                    }
                    losses[step] = loss.item_double();
                }
                requireFinite(task, step, losses[step]);
                progress.advance(batch.length);
            }
        } finally {
            task.head().ifPresent(ClassHead::freeze);
            progress.end();
        }
        return losses;
    }

    private List<Tensor> parameters(TaskData task) {
        List<Tensor> parameters = new ArrayList<>(objective.model().trainable());
        task.head().ifPresent(head -> parameters.add(head.trainable()));
        return parameters;
    }

    private Tensor loss(TaskData task, ContinualMethod method, int[] batch) {
        Tensor logits = objective.logits(task, batch);
        return method.penalized(objective.loss(logits, task, batch), logits, batch);
    }

    private AdamWOptions options() {
        AdamWOptions options = new AdamWOptions(settings.learningRate());
        options.weight_decay().put(settings.weightDecay());
        return options;
    }

    /** The pair (β₁, β₂) = (0.9, 0.999) is a C++ tuple, whose order in memory differs between standard libraries. */
    private static int firstMomentIndex(DoublePointer betas) {
        return betas.get(0) < betas.get(1) ? 0 : 1;
    }

    private static void requireFinite(TaskData task, int step, double loss) {
        if (!Double.isFinite(loss)) {
            throw new IllegalStateException(
                    "task " + task.name() + ", step " + step + ": the loss is " + loss + "; try a lower learning rate");
        }
    }
}
