package org.keeplora.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.clip.SiteInput;
import org.keeplora.clip.Tower;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.method.Growth;
import org.keeplora.method.PrincipalSubspace;
import org.keeplora.method.WeightSubspaces;
import org.keeplora.store.ArraySource;
import org.keeplora.store.NamedArray;
import org.keeplora.torch.Adapter;
import org.keeplora.torch.TorchMatrix;

/** KeepLoRA: every task is learned outside the protected subspaces, which then grow by the task's features. */
final class KeepLora implements ContinualMethod {
    private final ClipModel model;
    private final ComputeContext compute;
    private final Linalg linalg;
    private final RunSettings settings;
    private final GradientStart start;
    private final RunMonitor monitor;
    private final List<Site> sites;
    private final List<PrincipalSubspace> subspaces = new ArrayList<>();
    /** Of every site, by what came last: the weights or a task. */
    private final List<Growth> growths = new ArrayList<>();

    /** Computes the subspaces of the pre-trained weights. */
    KeepLora(ClipModel model, ComputeContext compute, RunSettings settings, GradientStart start, RunMonitor monitor) {
        this.model = model;
        this.compute = compute;
        this.linalg = compute.linalg();
        this.settings = settings;
        this.start = start;
        this.monitor = monitor;
        this.sites = model.sites();
        monitor.times().run("weight bases", () -> {
            for (Tower tower : Tower.values()) {
                WeightSubspaces ofTower = ofWeights(tower);
                subspaces.addAll(ofTower.subspaces());
                growths.addAll(ofTower.growths());
            }
        });
    }

    private WeightSubspaces ofWeights(Tower tower) {
        List<Matrix> weights = new ArrayList<>();
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            sites.stream().filter(site -> site.tower() == tower).forEach(site -> {
                Tensor weight = model.weight(site).t().contiguous();
                weights.add(TorchMatrix.view(weight, linalg));
            });
            return WeightSubspaces.of(
                    linalg,
                    weights,
                    settings.method().switches().weightBasis(),
                    settings.method().switches().rankRule(),
                    settings.method().protection().weights(tower));
        } finally {
            weights.forEach(Matrix::close);
        }
    }

    @Override
    public Map<Site, Adapter> start(TaskData task) {
        return start.adapters(task, sites, subspaces);
    }

    @Override
    public void learned(TaskData task) {
        try (FeatureCollector features =
                new FeatureCollector(model, compute, settings.method().switches())) {
            monitor.times()
                    .run(
                            "features",
                            () -> features.collect(task, settings.training().batchSize(), monitor.progress()));
            monitor.times().run("basis growth", () -> grow(features.secondMoments()));
        }
    }

    private void grow(Map<SiteInput, Matrix> moments) {
        try {
            List<Matrix> perSite =
                    sites.stream().map(site -> moments.get(site.input())).toList();
            List<Growth> byTask = PrincipalSubspace.extend(
                    linalg, subspaces, perSite, settings.method().protection().features());
            growths.clear();
            growths.addAll(byTask);
        } finally {
            moments.values().forEach(Matrix::close);
        }
    }

    /** The protected subspace of {@code site}; belongs to this object. */
    PrincipalSubspace subspace(Site site) {
        return subspaces.get(sites.indexOf(site));
    }

    @Override
    public Map<Site, Integer> ranks() {
        Map<Site, Integer> ranks = new LinkedHashMap<>();
        for (int i = 0; i < sites.size(); i++) {
            ranks.put(sites.get(i), subspaces.get(i).rank());
        }
        return ranks;
    }

    @Override
    public Map<Site, Growth> growths() {
        Map<Site, Growth> bySite = new LinkedHashMap<>();
        for (int i = 0; i < growths.size(); i++) {
            bySite.put(sites.get(i), growths.get(i));
        }
        return bySite;
    }

    @Override
    public List<NamedArray> state() {
        return SubspaceState.of(sites, subspaces);
    }

    @Override
    public void restore(ArraySource stored) {
        SubspaceState.restore(linalg, sites, subspaces, stored);
        growths.clear();
    }

    @Override
    public void close() {
        subspaces.forEach(PrincipalSubspace::close);
    }
}
