package org.keeplora.train;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.keeplora.clip.ClipModel;
import org.keeplora.distributed.Pending;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.torch.Autocast;
import org.keeplora.torch.Precision;

/**
 * What every method minimises on a task: the mean cross-entropy of CLIP's logits over the class prompts, with the class head's
 * logits added where the task has one. Results belong to the caller's scope and have gradient history.
 *
 * @param group that share the class prompts, as a batch of images is the caller's to share; all of them compute the loss at the same time
 * @param precision of both towers; the logits are computed from their float32 features
 */
public record Objective(ClipModel model, Precision precision, ProcessGroup group) {
    /** Features of the class prompts, for the logits of any images; computed before the images', in whose passes their sums can travel. */
    public Pending<Tensor> texts(TaskData task) {
        return new PromptFeatures(model, precision, group).begin(task.prompts().cut());
    }

    /**
     * [batch x classes].
     *
     * @param texts from {@link #texts}, asked for when the images are encoded
     */
    public Tensor logits(TaskData task, Pending<Tensor> texts, int[] batch) {
        Tensor pixels = task.images().pixels(batch);
        Tensor images;
        try (Autocast narrower = Autocast.open(precision, model.device())) {
            images = model.encodeImage(pixels);
        }
        Tensor features = images.to(ScalarType.Float);
        Tensor logits = model.logits(features, texts.await());
        return task.head().map(head -> logits.add(head.logits(features))).orElse(logits);
    }

    /** The mean cross-entropy of {@link #logits}, a scalar. */
    public Tensor loss(Tensor logits, TaskData task, int[] batch) {
        return torch.cross_entropy_loss(logits, task.images().labels(batch));
    }
}
