package org.keeplora.train;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.TokenBatch;
import org.keeplora.distributed.LocalBatch;
import org.keeplora.distributed.Pending;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.torch.Autocast;
import org.keeplora.torch.Precision;

/**
 * The loss that every method minimises on a task: the mean cross-entropy of CLIP's logits over the class prompts. If
 * the task has a class head, its logits are added. Results belong to the caller's scope and have gradient history.
 *
 * @param precision of both towers; the logits are computed from their float32 features
 * @param group divides the class prompts among its processes; the caller divides the images. All processes compute the
 *     loss at the same time
 */
public record Objective(ClipModel model, Precision precision, ProcessGroup group) {
    /**
     * Two processes are faster with the prompts divided from 37 classes on, but not with 10 (benchmarks/EXPERIMENTS.md,
     * 20).
     */
    static final int FEWEST_TO_DIVIDE = 32;

    /**
     * Features of the class prompts, for the logits of any images. Compute them before the images: their sums then
     * overlap with the passes of the images.
     */
    public Pending<Tensor> texts(TaskData task) {
        return texts(task.prompts().cut());
    }

    /**
     * float32 [prompts x embedding]. If there are many prompts, each process encodes a part of them, except in
     * {@link ProcessGroup#isOrdered ordered} groups.
     */
    Pending<Tensor> texts(TokenBatch prompts) {
        int all = prompts.endOfText().length;
        if (group.size() == 1 || group.isOrdered() || all < FEWEST_TO_DIVIDE) {
            Tensor own = encoded(prompts);
            return () -> own;
        }
        LocalBatch local = LocalBatch.of(prompts.indices(), group, 0);
        return group.gather("the text features", encoded(prompts.select(local.items())), local, all);
    }

    private Tensor encoded(TokenBatch prompts) {
        try (Autocast narrower = Autocast.open(precision, model.device())) {
            return model.encodeText(prompts).to(ScalarType.Float);
        }
    }

    /** float32 [images x embedding] of normalised pixels. */
    Tensor images(Tensor pixels) {
        try (Autocast narrower = Autocast.open(precision, model.device())) {
            return model.encodeImage(pixels).to(ScalarType.Float);
        }
    }

    /**
     * [batch x classes].
     *
     * @param texts from {@link #texts}, awaited after the images are encoded
     */
    public Tensor logits(TaskData task, Pending<Tensor> texts, int[] batch) {
        Tensor features = images(task.images().pixels(batch));
        Tensor logits = model.logits(features, texts.await());
        return task.head().map(head -> logits.add(head.logits(features))).orElse(logits);
    }

    /** The mean cross-entropy of {@link #logits}, a scalar. */
    public Tensor loss(Tensor logits, TaskData task, int[] batch) {
        return torch.cross_entropy_loss(logits, task.images().labels(batch));
    }

    /** What a method adds to the loss of a batch, computed from its logits [batch x classes]. */
    public interface Penalty {
        /** The loss and the penalty, a scalar. */
        Tensor added(Tensor loss, Tensor logits, int[] batch);
    }

    /** {@link #loss} on {@code task}, with {@code penalty}. */
    public BatchLoss of(TaskData task, Penalty penalty) {
        return new BatchLoss() {
            @Override
            public Pending<Tensor> common() {
                return texts(task);
            }

            @Override
            public Tensor mean(int[] items, Pending<Tensor> texts) {
                Tensor logits = logits(task, texts, items);
                return penalty.added(loss(logits, task, items), logits, items);
            }
        };
    }
}
