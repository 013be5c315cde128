package org.keeplora.train;

import java.util.List;
import java.util.Map;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.clip.SiteInput;
import org.keeplora.engine.Matrix;
import org.keeplora.method.Growth;
import org.keeplora.method.PrincipalSubspace;
import org.keeplora.report.StageTimes;
import org.keeplora.store.ArraySource;
import org.keeplora.store.NamedArray;
import org.keeplora.torch.Adapter;

/** KeepLoRA: every task is learned outside the protected subspaces, which then grow by the features of the task. */
final class KeepLora implements ContinualMethod {
    private final ClipModel model;
    private final ComputeContext context;
    private final RunSettings settings;
    private final GradientLora start;
    private final StageTimes times;
    private final SiteSubspaces subspaces;

    /** Computes the subspaces of the pre-trained weights. */
    KeepLora(ClipModel model, ComputeContext context, RunSettings settings) {
        this.model = model;
        this.context = context;
        this.settings = settings;
        this.times = context.monitor().times();
        this.subspaces = times.measure(
                "weight bases", () -> SiteSubspaces.ofWeights(context.linalg(), model, settings.method()));
        this.start = new GradientLora(model, context, settings, subspaces);
    }

    @Override
    public Map<Site, Adapter> start(TaskData task) {
        return start.start(task);
    }

    @Override
    public void merged(TaskData task) {
        FeatureCollector features =
                new FeatureCollector(model, context, settings.method().switches());
        Map<SiteInput, Matrix> moments = times.measure(
                "features",
                () -> features.secondMoments(task, settings.training().batchSize()));
        try {
            times.run(
                    "basis growth",
                    () -> subspaces.extend(
                            site -> moments.get(site.input()),
                            settings.method().protection().features()));
        } finally {
            moments.values().forEach(Matrix::close);
        }
    }

    /** The protected subspace of {@code site}; belongs to this object. */
    PrincipalSubspace subspace(Site site) {
        return subspaces.of(site);
    }

    @Override
    public Map<Site, Integer> ranks() {
        return subspaces.ranks();
    }

    @Override
    public Map<Site, Growth> growths() {
        return subspaces.growths();
    }

    @Override
    public List<NamedArray> state() {
        return subspaces.state();
    }

    @Override
    public void restore(ArraySource stored) {
        subspaces.restore(stored);
    }

    @Override
    public void close() {
        start.close();
    }
}
