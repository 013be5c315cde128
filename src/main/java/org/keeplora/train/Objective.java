package org.keeplora.train;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.keeplora.clip.Autocast;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Precision;

/**
 * What every method minimises on a task: the mean cross-entropy of CLIP's logits over the class prompts, with the class head's
 * logits added where the task has one. Results belong to the caller's scope and have gradient history.
 *
 * @param precision of both towers; the logits are computed from their float32 features
 */
record Objective(ClipModel model, Precision precision) {
    /** [batch x classes]. */
    Tensor logits(TaskData task, int[] batch) {
        Tensor pixels = task.images().pixels(batch);
        Tensor images;
        Tensor texts;
        try (Autocast narrower = Autocast.open(precision, model.device())) {
            images = model.encodeImage(pixels);
            texts = model.encodeText(task.prompts().cut());
        }
        Tensor features = images.to(ScalarType.Float);
        Tensor logits = model.logits(features, texts.to(ScalarType.Float));
        return task.head().map(head -> logits.add(head.logits(features))).orElse(logits);
    }

    /** The mean cross-entropy of {@link #logits}, a scalar. */
    Tensor loss(Tensor logits, TaskData task, int[] batch) {
        return torch.cross_entropy_loss(logits, task.images().labels(batch));
    }
}
