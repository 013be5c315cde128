package org.keeplora.train;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.clip.ClipModel;

/** What every method minimises: the mean cross-entropy of CLIP's logits over the task's class prompts. */
final class Loss {
    private Loss() {}

    /** The loss of one batch, a scalar with gradient history, in the caller's scope. */
    static Tensor of(ClipModel model, TaskData task, int[] batch) {
        Tensor logits = model.logits(model.encodeImage(task.images().pixels(batch)), model.encodeText(task.prompts()));
        return torch.cross_entropy_loss(logits, task.images().labels(batch));
    }
}
