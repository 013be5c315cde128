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
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.learner.Inputs;
import org.keeplora.store.ArraySource;
import org.keeplora.store.NamedArray;
import org.keeplora.torch.Adapter;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchMatrix;

/**
 * O-LoRA (Wang et al. 2023): standard LoRA with the penalty 0.5·Σ|MᵀA| over all sites, which drives A away from the A
 * of earlier tasks. M is an orthonormal basis of the earlier A. The published penalty uses the earlier A unchanged, so
 * its strength depends on their length.
 */
final class OrthogonalLora implements ContinualMethod {
    private static final double STRENGTH = 0.5;
    /** Share of the energy of A to keep; the rest is rounding. */
    private static final double SHARE_OF_A = 1 - 1e-6;

    private final StandardLora lora;
    private final ClipModel model;
    private final Linalg linalg;
    private final ClipLearner occupied;
    /** M of every site that has one, as tensors; made when a task first needs them. */
    private final Map<Site, Tensor> earlier = new LinkedHashMap<>();

    OrthogonalLora(ClipModel model, Linalg linalg, RunSettings settings) {
        this.model = model;
        this.linalg = linalg;
        this.lora = new StandardLora(model, settings);
        this.occupied = new ClipLearner(model, linalg, settings, SHARE_OF_A, Site::toString);
    }

    @Override
    public Map<Site, Adapter> start(TaskData task) {
        return lora.start(task);
    }

    @Override
    public Tensor penalized(Tensor loss, Tensor logits, int[] batch) {
        if (earlier.isEmpty()) {
            keepBases(loss);
        }
        Tensor total = loss;
        for (Map.Entry<Site, Tensor> m : earlier.entrySet()) {
            Tensor overlap = m.getValue().t().matmul(a(m.getKey())).abs().sum();
            total = total.add(overlap.mul(new Scalar(STRENGTH)));
        }
        return total;
    }

    private void keepBases(Tensor loss) {
        for (Site site : model.sites()) {
            try (Matrix m = occupied.protectedBasis(site)) {
                if (m.cols() > 0) {
                    earlier.put(site, Tensors.keep(Tensors.beside(loss, TorchMatrix.copyOf(m))));
                }
            }
        }
    }

    private void forgetBases() {
        earlier.values().forEach(Tensor::close);
        earlier.clear();
    }

    private Tensor a(Site site) {
        return model.trainable(site).get(0);
    }

    @Override
    public void trainingEnded(TaskData task) {
        try (PointerScope tensors = new PointerScope();
                NoGradGuard guard = new NoGradGuard();
                ResourceScope scope = new ResourceScope();
                Inputs rows = occupied.inputs()) {
            for (Site site : model.sites()) {
                rows.add(
                        site.toString(),
                        scope.keep(TorchMatrix.view(a(site).detach().t().contiguous(), linalg)));
            }
            forgetBases();
            occupied.end(rows);
        }
    }

    /** Number of directions of earlier adapters. */
    @Override
    public Map<Site, Integer> ranks() {
        return occupied.ranks();
    }

    @Override
    public List<NamedArray> state() {
        return occupied.state();
    }

    @Override
    public void restore(ArraySource stored) {
        forgetBases();
        occupied.restore(stored);
    }

    @Override
    public void close() {
        forgetBases();
        occupied.close();
    }
}
