package org.keeplora.train;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClassHead;
import org.keeplora.clip.ClipModel;
import org.keeplora.data.Batches;
import org.keeplora.distributed.Accumulator;
import org.keeplora.distributed.LocalBatch;
import org.keeplora.torch.Tensors;

/**
 * Sums the normalised features of each class over a task's training images [classes x embedding]. A {@link ClassHead}
 * starts from these sums.
 */
final class ClassMeans implements Accumulator {
    private final ClipModel model;
    private final TaskData task;
    private final Tensor sums;

    private ClassMeans(ClipModel model, TaskData task) {
        this.model = model;
        this.task = task;
        int classes = task.prompts().cut().endOfText().length;
        int width = model.architecture().embedding();
        this.sums = model.device().move(Tensors.ofFloats(new float[classes * width], classes, width));
    }

    /** Makes the head in one pass over the training set with the current model; the caller closes it. */
    static ClassHead head(ClipModel model, TaskData task, int batchSize, ComputeContext context) {
        List<int[]> batches = Batches.inOrder(task.images().size(), batchSize);
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            List<Tensor> sums = context.sum(task.name() + " class means", batches, new ClassMeans(model, task));
            return ClassHead.ofClassSums(sums.get(0));
        }
    }

    @Override
    public void add(LocalBatch batch) {
        Tensor features = model.encodeImage(task.images().pixels(batch.items()));
        sums.index_add_(0, task.images().labels(batch.items()), features.div(Tensors.rowNorms(features)));
    }

    @Override
    public List<Tensor> take() {
        Tensor term = sums.clone();
        sums.zero_();
        return List.of(term);
    }
}
