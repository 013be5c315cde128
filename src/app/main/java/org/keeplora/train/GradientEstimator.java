package org.keeplora.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.data.Batches;
import org.keeplora.distributed.GraphCut;
import org.keeplora.distributed.LeafGradients;
import org.keeplora.distributed.LocalBatch;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.engine.Matrix;
import org.keeplora.torch.Precision;
import org.keeplora.torch.TorchMatrix;

/** G of every site: the gradient of the loss with respect to the weight, as a mean over batches, without adapters. */
public final class GradientEstimator {
    private final Objective objective;
    private final ClipModel model;
    private final ComputeContext context;
    private final int batchSize;

    /** @param context its linear algebra decides where the gradients lie */
    public GradientEstimator(ClipModel model, ComputeContext context, int batchSize) {
        this.context = context;
        // every process computes the single prompt pass of a task itself
        this.objective = new Objective(model, Precision.FLOAT32, ProcessGroup.SINGLE);
        this.model = model;
        this.batchSize = batchSize;
    }

    /**
     * G [in x out] float32 of every site, from one pass over the training set; the caller closes them. The weights do
     * not change, so the class prompts are encoded once, and one backward pass through them serves all images.
     */
    public Map<Site, Matrix> mean(TaskData task) {
        List<int[]> batches = Batches.inOrder(task.images().size(), batchSize);
        List<Tensor> weights = model.requireWeightGradients(model.sites());
        try (PointerScope scope = new PointerScope()) {
            GraphCut texts = new GraphCut(objective.texts(task).await());
            LeafGradients gradients = new LeafGradients(texts.with(weights));
            gradients.put(
                    context.sum(task.name() + " gradient", batches, gradients.of(batch -> loss(task, texts, batch))));
            texts.backwardThroughCut();
            Map<Site, Matrix> means = new LinkedHashMap<>();
            model.sites().forEach(site -> means.put(site, divided(model.gradient(site), batches.size())));
            return means;
        } finally {
            model.dropWeightGradients();
        }
    }

    /** This process's part of the mean loss of the batch. */
    private Tensor loss(TaskData task, GraphCut texts, LocalBatch batch) {
        Tensor logits = objective.logits(task, texts::leaf, batch.items());
        return batch.weighted(objective.loss(logits, task, batch.items()));
    }

    /** Σ/n as [in x out], from the sum that PyTorch stores as [out x in]. */
    private Matrix divided(Tensor sum, int n) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            return TorchMatrix.copyOf(sum.t().div(new Scalar((double) n)).contiguous(), context.linalg());
        }
    }
}
