package org.keeplora.train;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.distributed.GraphCut;
import org.keeplora.distributed.LocalBatch;
import org.keeplora.distributed.PassGradients;
import org.keeplora.engine.Matrix;
import org.keeplora.torch.TorchMatrix;

/** G of every site: the mean over batches of the loss's gradient with respect to the weight, with nothing adapted. */
public final class GradientEstimator {
    private final Objective objective;
    private final ClipModel model;
    private final ComputeContext compute;
    private final int batchSize;
    private final RunProgress progress;

    /**
     * Nothing is computed yet.
     *
     * @param objective whose class prompts are not shared: their gradient is summed over the processes before the pass goes through them
     * @param compute with whose linear algebra the gradients are to lie
     */
    public GradientEstimator(Objective objective, ComputeContext compute, int batchSize, RunProgress progress) {
        this.compute = compute;
        this.objective = objective;
        this.model = objective.model();
        this.batchSize = batchSize;
        this.progress = progress;
    }

    /**
     * One G [in x out] float32 for each of {@code sites}, from one pass over the training set; the caller closes them. The weights stay
     * as they are, so the class prompts are encoded once, and one backward pass for all images goes through them.
     */
    public List<Matrix> mean(TaskData task, List<Site> sites) {
        TrainingPass pass = new TrainingPass(task.images().size(), batchSize, compute.processGroup(), progress);
        List<Tensor> weights = model.requireWeightGradients(sites);
        try (PointerScope scope = new PointerScope()) {
            GraphCut texts = new GraphCut(objective.texts(task).await());
            PassGradients gradients = new PassGradients(texts.with(weights));
            pass.run(
                    task.name() + " gradient",
                    (batch, part) -> addGradient(task, texts, LocalBatch.of(batch, compute.processGroup(), part)),
                    part -> gradients.take());
            gradients.sum("the gradient", compute.processGroup());
            texts.backwardThroughCut();
            List<Matrix> means = new ArrayList<>();
            sites.forEach(site -> means.add(mean(site, pass.batches().size())));
            return means;
        } finally {
            model.dropWeightGradients();
        }
    }

    /** Adds this process's part of the gradient of the batch's mean loss. */
    private void addGradient(TaskData task, GraphCut texts, LocalBatch share) {
        Tensor logits = objective.logits(task, texts::leaf, share.items());
        share.weighted(objective.loss(logits, task, share.items())).backward();
    }

    private Matrix mean(Site site, int batches) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor sum = model.gradient(site).t();
            return TorchMatrix.copyOf(sum.div(new Scalar((double) batches)).contiguous(), compute.linalg());
        }
    }
}
