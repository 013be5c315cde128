package org.keeplora.train;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClassHead;
import org.keeplora.clip.ClipModel;
import org.keeplora.distributed.PairwiseSum;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.torch.Tensors;

/** Starts a task's {@link ClassHead} from the class means of its training images under the current model. */
final class ClassMeans {
    private ClassMeans() {}

    /** One pass over the training set; the caller closes the head. */
    static ClassHead head(ClipModel model, TaskData task, int batchSize, ProcessGroup group, RunProgress progress) {
        int classes = task.prompts().cut().endOfText().length;
        int width = model.architecture().embedding();
        PairwiseSum parts = new PairwiseSum();
        try (PointerScope outer = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor sums = model.device().move(Tensors.ofFloats(new float[classes * width], classes, width));
            new TrainingPass(task.images().size(), batchSize, group, progress)
                    .run(
                            task.name() + " class means",
                            (batch, part) -> add(model, task, group.share(batch, part), sums),
                            done -> {
                                parts.add(List.of(sums.clone()));
                                sums.zero_();
                            });
            List<Tensor> total = parts.total();
            group.sum("the class means", total);
            return ClassHead.ofClassSums(total.get(0));
        }
    }

    private static void add(ClipModel model, TaskData task, int[] items, Tensor sums) {
        if (items.length > 0) {
            Tensor features = model.encodeImage(task.images().pixels(items));
            sums.index_add_(0, task.images().labels(items), features.div(Tensors.rowNorms(features)));
        }
    }
}
