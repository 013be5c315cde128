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
import org.keeplora.engine.Matrix;
import org.keeplora.ranks.Share;

/** G of every site: the mean over batches of the loss's gradient with respect to the weight, with nothing adapted. */
final class GradientEstimator {
    private final Objective objective;
    private final ClipModel model;
    private final Compute compute;
    private final int batchSize;
    private final RunProgress progress;

    /**
     * @param compute with whose linear algebra the gradients are to lie
     */
    GradientEstimator(Objective objective, Compute compute, int batchSize, RunProgress progress) {
        this.compute = compute;
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
                addGradient(task, batch);
                progress.advance(batch.length);
            }
            sumOverRanks(sites);
            List<Matrix> means = new ArrayList<>();
            sites.forEach(site -> means.add(mean(site, batches.size())));
            return means;
        } finally {
            model.dropWeightGradients();
            progress.end();
        }
    }

    /** Adds this rank's part of the gradient of the batch's mean loss. */
    private void addGradient(TaskData task, int[] batch) {
        Share share = Share.of(batch, compute.ranks());
        try (PointerScope scope = new PointerScope()) {
            Tensor loss = objective.loss(objective.logits(task, share.items()), task, share.items());
            share.weighted(loss).backward();
        }
    }

    private void sumOverRanks(List<Site> sites) {
        if (compute.ranks().size() > 1) {
            try (PointerScope scope = new PointerScope();
                    NoGradGuard guard = new NoGradGuard()) {
                compute.ranks()
                        .sum("the gradient", sites.stream().map(model::gradient).toList());
            }
        }
    }

    private Matrix mean(Site site, int batches) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor sum = model.gradient(site).t();
            return TorchMatrix.copyOf(sum.div(new Scalar((double) batches)).contiguous(), compute.linalg());
        }
    }
}
