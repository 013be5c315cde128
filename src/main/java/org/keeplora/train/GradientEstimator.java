package org.keeplora.train;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.clip.TorchMatrix;
import org.keeplora.data.Batches;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;

/** G of every site: the mean over batches of the loss's gradient with respect to the weight, with nothing adapted. */
final class GradientEstimator {
    private final Objective objective;
    private final ClipModel model;
    private final Linalg linalg;
    private final int batchSize;
    private final RunProgress progress;

    /**
     * @param linalg where the gradients are to lie
     */
    GradientEstimator(Objective objective, Linalg linalg, int batchSize, RunProgress progress) {
        this.linalg = linalg;
        this.objective = objective;
        this.model = objective.model();
        this.batchSize = batchSize;
        this.progress = progress;
    }

    /** One G [in x out] float32 for each of {@code sites}, from one pass over the training set; the caller closes them. */
    List<Matrix> mean(TaskData task, List<Site> sites) {
        List<int[]> batches = Batches.inOrder(task.images().size(), batchSize);
        progress.begin(task.name() + " gradient", task.images().size());
        model.requireWeightGradients(sites);
        try {
            for (int[] batch : batches) {
                try (PointerScope scope = new PointerScope()) {
                    objective.loss(objective.logits(task, batch), task, batch).backward();
                }
                progress.advance(batch.length);
            }
            List<Matrix> means = new ArrayList<>();
            sites.forEach(site -> means.add(mean(site, batches.size())));
            return means;
        } finally {
            model.dropWeightGradients();
            progress.end();
        }
    }

    private Matrix mean(Site site, int batches) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor sum = model.gradient(site).t();
            return TorchMatrix.copyOf(sum.div(new Scalar((double) batches)).contiguous(), linalg);
        }
    }
}
