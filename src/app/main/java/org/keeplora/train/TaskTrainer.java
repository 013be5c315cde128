package org.keeplora.train;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClassHead;
import org.keeplora.distributed.Pending;
import org.keeplora.distributed.ProcessGroup;

/** Trains what is attached to the model on one task. */
public final class TaskTrainer {
    private final Objective objective;
    private final TrainingLoop optimizer;
    private final RunProgress progress;

    public TaskTrainer(Objective objective, TrainSettings settings, ProcessGroup group, RunProgress progress) {
        this.objective = objective;
        this.optimizer = new TrainingLoop(settings, group, progress);
        this.progress = progress;
    }

    /**
     * One optimiser step for each of {@code batches}, or for those that are left; returns the losses of all.
     *
     * @throws TrainingDiverged when a loss is no finite number
     */
    public double[] train(TaskData task, ContinualMethod method, List<int[]> batches, TrainingWatch watch) {
        progress.begin(
                task.name() + " training",
                batches.stream().mapToLong(batch -> batch.length).sum());
        try {
            return optimizer.minimize(task.name(), parameters(task), new Loss(objective, task, method), batches, watch);
        } finally {
            task.head().ifPresent(ClassHead::freeze);
            progress.end();
        }
    }

    private List<Tensor> parameters(TaskData task) {
        List<Tensor> parameters = new ArrayList<>(objective.model().trainable());
        task.head().ifPresent(head -> parameters.add(head.trainable()));
        return parameters;
    }

    /** The objective's, with what the method adds. */
    private record Loss(Objective objective, TaskData task, ContinualMethod method) implements BatchLoss {
        @Override
        public Pending<Tensor> common() {
            return objective.texts(task);
        }

        @Override
        public Tensor mean(int[] items, Pending<Tensor> texts) {
            Tensor logits = objective.logits(task, texts, items);
            return method.penalized(objective.loss(logits, task, items), logits, items);
        }
    }
}
