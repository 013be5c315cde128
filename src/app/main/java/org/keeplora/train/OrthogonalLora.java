package org.keeplora.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.GramUpdate;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.method.PrincipalSubspace;
import org.keeplora.store.ArraySource;
import org.keeplora.store.NamedArray;
import org.keeplora.torch.Adapter;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchMatrix;

/**
 * O-LoRA (Wang et al. 2023): standard LoRA whose A is driven away from the A of earlier tasks by the penalty 0.5 · Σ|MᵀA| over all
 * sites. M is an orthonormal basis of the earlier A, where the published penalty takes them as they are, so that its strength does
 * not depend on their length.
 */
final class OrthogonalLora implements ContinualMethod {
    private static final double STRENGTH = 0.5;
    /** Of the energy of A; what is left is rounding. */
    private static final double SHARE_OF_A = 1 - 1e-6;

    private final StandardLora lora;
    private final ClipModel model;
    private final Linalg linalg;
    private final List<Site> sites;
    private final List<PrincipalSubspace> occupied = new ArrayList<>();

    OrthogonalLora(ClipModel model, Linalg linalg, StandardLora lora) {
        this.model = model;
        this.linalg = linalg;
        this.lora = lora;
        this.sites = model.sites();
        sites.forEach(site -> occupied.add(
                PrincipalSubspace.empty(linalg, (int) model.weight(site).size(1))));
    }

    @Override
    public Map<Site, Adapter> start(TaskData task) {
        return lora.start(task);
    }

    @Override
    public Tensor penalized(Tensor loss, Tensor logits, int[] batch) {
        Tensor total = loss;
        for (int i = 0; i < sites.size(); i++) {
            if (occupied.get(i).rank() > 0) {
                Tensor m =
                        Tensors.beside(total, TorchMatrix.copyOf(occupied.get(i).basis()));
                Tensor overlap = m.t().matmul(a(sites.get(i))).abs().sum();
                total = total.add(overlap.mul(new Scalar(STRENGTH)));
            }
        }
        return total;
    }

    private Tensor a(Site site) {
        return model.trainable(site).get(0);
    }

    @Override
    public void trained(TaskData task) {
        List<Matrix> moments = new ArrayList<>();
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            List<GramUpdate> updates = new ArrayList<>();
            for (int i = 0; i < sites.size(); i++) {
                Matrix rows = TorchMatrix.view(a(sites.get(i)).detach().t().contiguous(), linalg);
                moments.add(linalg.zeros(rows.cols(), rows.cols(), ElementType.F64));
                updates.add(new GramUpdate(rows, moments.get(i)));
            }
            linalg.accumulateGram(updates);
            updates.forEach(update -> update.samples().close());
            PrincipalSubspace.extend(linalg, occupied, moments, SHARE_OF_A);
        } finally {
            moments.forEach(Matrix::close);
        }
    }

    /** Directions of earlier adapters. */
    @Override
    public Map<Site, Integer> ranks() {
        Map<Site, Integer> ranks = new LinkedHashMap<>();
        for (int i = 0; i < sites.size(); i++) {
            ranks.put(sites.get(i), occupied.get(i).rank());
        }
        return ranks;
    }

    @Override
    public List<NamedArray> state() {
        return SubspaceState.of(sites, occupied);
    }

    @Override
    public void restore(ArraySource stored) {
        SubspaceState.restore(linalg, sites, occupied, stored);
    }

    @Override
    public void close() {
        occupied.forEach(PrincipalSubspace::close);
    }
}
