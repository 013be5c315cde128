package org.keeplora.train;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.keeplora.clip.Autocast;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Precision;
import org.keeplora.clip.TokenBatch;
import org.keeplora.ranks.Ranks;
import org.keeplora.ranks.Share;

/**
 * What every method minimises on a task: the mean cross-entropy of CLIP's logits over the class prompts, with the class head's
 * logits added where the task has one. Results belong to the caller's scope and have gradient history.
 *
 * @param ranks that share the class prompts, as a batch of images is the caller's to share; all of them compute the loss at the same time
 * @param precision of both towers; the logits are computed from their float32 features
 */
record Objective(ClipModel model, Precision precision, Ranks ranks) {
    /** [batch x classes]. */
    Tensor logits(TaskData task, int[] batch) {
        TokenBatch prompts = task.prompts().cut();
        Share share = Share.of(prompts.indices(), ranks);
        Tensor pixels = task.images().pixels(batch);
        Tensor images;
        Tensor texts;
        try (Autocast narrower = Autocast.open(precision, model.device())) {
            images = model.encodeImage(pixels);
            texts = model.encodeText(mine(prompts, share));
        }
        Tensor features = images.to(ScalarType.Float);
        Tensor allTexts =
                ranks.gathered("the text features", texts.to(ScalarType.Float), share, prompts.endOfText().length);
        Tensor logits = model.logits(features, allTexts);
        return task.head().map(head -> logits.add(head.logits(features))).orElse(logits);
    }

    private TokenBatch mine(TokenBatch prompts, Share share) {
        return ranks.size() == 1 ? prompts : prompts.select(share.items());
    }

    /** The mean cross-entropy of {@link #logits}, a scalar. */
    Tensor loss(Tensor logits, TaskData task, int[] batch) {
        return torch.cross_entropy_loss(logits, task.images().labels(batch));
    }
}
