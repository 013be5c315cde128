package org.keeplora.bench;

import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.clip.Site;
import org.keeplora.data.Batches;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.torch.Adapter;
import org.keeplora.train.RunData;
import org.keeplora.train.RunMonitor.Progress;
import org.keeplora.train.TaskData;
import org.keeplora.train.TrainSettings;
import org.keeplora.train.TrainingLoop;

/**
 * A task computed as the authors' program does, on {@link PlainClip}: gradients of all encoder weights, and the class
 * prompts at all 77 positions, encoded again for every evaluated batch.
 */
final class AuthorsTask {
    private final PlainClip model;
    private final TrainSettings settings;

    AuthorsTask(PlainClip model, TrainSettings settings) {
        this.model = model;
        this.settings = settings;
    }

    /** {@code task} with every prompt at all positions of the context. */
    static TaskData fullContext(TaskData task) {
        TaskData.Prompts full =
                new TaskData.Prompts(task.prompts().full(), task.prompts().full());
        return new TaskData(task.number(), task.name(), task.images(), full, task.head());
    }

    /** Σ over {@code sites} of the squared norm of the mean gradient. */
    double squaredGradientNorm(TaskData task, List<Site> sites) {
        List<int[]> batches = Batches.inOrder(task.images().size(), settings.batchSize());
        model.requireGradients(true);
        for (int[] batch : batches) {
            try (PointerScope scope = new PointerScope()) {
                loss(task, batch).backward();
            }
        }
        double squares = 0;
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            for (Site site : sites) {
                double norm = model.gradient(site).norm().item_double() / batches.size();
                squares += norm * norm;
            }
        }
        model.requireGradients(false);
        return squares;
    }

    private Tensor loss(TaskData task, int[] batch) {
        Tensor texts = model.encodeText(task.prompts().full());
        Tensor images = model.encodeImage(task.images().pixels(batch));
        return torch.cross_entropy_loss(
                model.logits(images, texts), task.images().labels(batch));
    }

    /** Trains A and B of every adapter and merges them; returns the losses of all steps. */
    double[] train(TaskData task, Map<Site, Adapter> start, List<int[]> steps) {
        List<Tensor> parameters = model.attach(start);
        double[] losses = new TrainingLoop(settings, ProcessGroup.SINGLE, Progress.SILENT)
                .minimize(
                        task.name(), parameters, (batch, nothing) -> loss(task, batch), steps, TrainingLoop.Watch.NONE);
        model.merge();
        return losses;
    }

    /** Percentage of test images classified correctly; {@code set} has prompts at all positions of the context. */
    double accuracy(RunData.TestSet set) {
        long correct = 0;
        try (NoGradGuard guard = new NoGradGuard()) {
            for (int[] batch : Batches.inOrder(set.images().size(), settings.batchSize())) {
                try (PointerScope scope = new PointerScope()) {
                    Tensor texts = model.encodeText(set.prompts());
                    Tensor logits = model.logits(model.encodeImage(set.images().pixels(batch)), texts);
                    correct += set.images().correct(logits, batch);
                }
            }
        }
        return 100.0 * correct / set.images().size();
    }
}
