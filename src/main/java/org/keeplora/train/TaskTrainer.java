package org.keeplora.train;

import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.keeplora.clip.ClipModel;

/** Trains what is attached to the model: AdamW under a one-cycle schedule, a step a batch. */
final class TaskTrainer {
    private final ClipModel model;
    private final TrainSettings settings;
    private final RunProgress progress;

    TaskTrainer(ClipModel model, TrainSettings settings, RunProgress progress) {
        this.model = model;
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * One optimiser step for each of {@code batches}; returns their losses.
     *
     * @throws IllegalStateException when a loss is no finite number
     */
    double[] train(TaskData task, List<int[]> batches) {
        progress.begin(
                task.name() + " training",
                batches.stream().mapToLong(batch -> batch.length).sum());
        OneCycle schedule = new OneCycle(settings.learningRate(), batches.size());
        double[] losses = new double[batches.size()];
        try (PointerScope run = new PointerScope()) {
            AdamW optimizer = new AdamW(new TensorVector(model.trainable().toArray(Tensor[]::new)), options());
            AdamWOptions live = new AdamWOptions(optimizer.param_groups().get(0).options());
            int firstMoment = firstMomentIndex(live.betas());
            for (int step = 0; step < losses.length; step++) {
                live.set_lr(schedule.learningRate(step));
                live.betas().put(firstMoment, schedule.momentum(step));
                losses[step] = step(optimizer, task, batches.get(step));
                requireFinite(task, step, losses[step]);
                progress.advance(batches.get(step).length);
            }
        } finally {
            progress.end();
        }
        return losses;
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

    private double step(AdamW optimizer, TaskData task, int[] batch) {
        try (PointerScope scope = new PointerScope()) {
            optimizer.zero_grad();
            Tensor loss = Loss.of(model, task, batch);
            loss.backward();
            optimizer.step();
            return loss.item_double();
        }
    }

    private static void requireFinite(TaskData task, int step, double loss) {
        if (!Double.isFinite(loss)) {
            throw new IllegalStateException(
                    "task " + task.name() + ", step " + step + ": the loss is " + loss + "; try a lower learning rate");
        }
    }
}
