package org.keeplora.train;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Precision;
import org.keeplora.clip.Site;
import org.keeplora.clip.Tensors;
import org.keeplora.data.Batches;

/**
 * A task the way the authors' program goes through it: gradients of all encoder weights, and the class prompts at all 77 positions,
 * encoded again for every batch that is evaluated.
 *
 * <p>In this package because it is put together from the run's own parts, so that both sides learn the same.
 */
final class AuthorsTask {
    private final ClipModel model;
    private final int batchSize;

    AuthorsTask(ClipModel model, int batchSize) {
        this.model = model;
        this.batchSize = batchSize;
    }

    /** {@code task} with every prompt over the whole context. */
    static TaskData fullContext(TaskData task) {
        TaskData.Prompts full =
                new TaskData.Prompts(task.prompts().full(), task.prompts().full());
        return new TaskData(task.number(), task.name(), task.images(), full, task.head());
    }

    /** The mean gradient of every site [out x in], kept until closed. */
    List<Tensor> meanGradients(TaskData task) {
        Objective objective = new Objective(model, Precision.FLOAT32);
        List<int[]> batches = Batches.inOrder(task.images().size(), batchSize);
        model.unfreeze();
        try {
            for (int[] batch : batches) {
                try (PointerScope scope = new PointerScope()) {
                    objective.loss(objective.logits(task, batch), task, batch).backward();
                }
            }
            List<Tensor> means = new ArrayList<>();
            try (PointerScope scope = new PointerScope();
                    NoGradGuard guard = new NoGradGuard()) {
                for (Site site : model.sites()) {
                    means.add(Tensors.keep(model.gradient(site).div(new Scalar((double) batches.size()))));
                }
            }
            return means;
        } finally {
            model.merge();
        }
    }

    /** Share of correct test images; {@code prompts} over the whole context. */
    double accuracy(Evaluator.TestSet set) {
        long correct = 0;
        try (NoGradGuard guard = new NoGradGuard()) {
            for (int[] batch : Batches.inOrder(set.images().size(), batchSize)) {
                try (PointerScope scope = new PointerScope()) {
                    Tensor text = model.encodeText(set.prompts());
                    Tensor logits = model.logits(model.encodeImage(set.images().pixels(batch)), text);
                    correct += set.images().correct(logits, batch);
                }
            }
        }
        return 100.0 * correct / set.images().size();
    }
}
