package org.keeplora.train;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClassHead;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Tensors;
import org.keeplora.data.Batches;
import org.keeplora.ranks.Ranks;

/** Starts a task's {@link ClassHead} from the class means of its training images under the current model. */
final class ClassMeans {
    private ClassMeans() {}

    /** One pass over the training set; the caller closes the head. */
    static ClassHead head(ClipModel model, TaskData task, int batchSize, Ranks ranks, RunProgress progress) {
        int classes = task.prompts().cut().endOfText().length;
        progress.begin(task.name() + " class means", task.images().size());
        try (PointerScope outer = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor sums = model.device()
                    .move(Tensors.ofFloats(
                            new float[classes * model.architecture().embedding()],
                            classes,
                            model.architecture().embedding()));
            for (int[] batch : Batches.inOrder(task.images().size(), batchSize)) {
                int[] share = ranks.share(batch);
                if (share.length > 0) {
                    try (PointerScope scope = new PointerScope()) {
                        Tensor features = model.encodeImage(task.images().pixels(share));
                        sums.index_add_(0, task.images().labels(share), features.div(Tensors.rowNorms(features)));
                    }
                }
                progress.advance(batch.length);
            }
            ranks.sum("the class means", List.of(sums));
            return ClassHead.ofClassSums(sums);
        } finally {
            progress.end();
        }
    }
}
