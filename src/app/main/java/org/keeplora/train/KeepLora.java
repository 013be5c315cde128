package org.keeplora.train;

import java.util.List;
import java.util.Map;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.clip.SiteInput;
import org.keeplora.engine.Matrix;
import org.keeplora.method.Growth;
import org.keeplora.report.StageTimes;
import org.keeplora.store.ArraySource;
import org.keeplora.store.NamedArray;
import org.keeplora.torch.Adapter;

/** KeepLoRA: every task is learned outside the protected subspaces, which then grow by the features of the task. */
final class KeepLora implements ContinualMethod {
    private final ClipLearner learner;
    private final GradientLora start;
    private final FeatureCollector features;
    private final int batchSize;
    private final StageTimes times;

    /** Protects the pre-trained weights. */
    KeepLora(ClipModel model, ComputeContext context, RunSettings settings) {
        this.times = context.monitor().times();
        this.batchSize = settings.training().batchSize();
        this.features = new FeatureCollector(model, context, settings.method().switches());
        this.learner = new ClipLearner(model, context.linalg(), settings);
        try {
            times.run("weight bases", learner::protectWeights);
        } catch (RuntimeException | Error e) {
            learner.close();
            throw e;
        }
        this.start = new GradientLora(model, context, settings, learner);
    }

    @Override
    public Map<Site, Adapter> start(TaskData task) {
        return start.start(task);
    }

    @Override
    public void merged(TaskData task) {
        Map<SiteInput, Matrix> moments = times.measure("features", () -> features.secondMoments(task, batchSize));
        times.run("basis growth", () -> learner.end(moments));
    }

    /** What is protected of {@code site}: M [in x k] float32; the caller closes it. */
    Matrix protectedBasis(Site site) {
        return learner.protectedBasis(site);
    }

    @Override
    public Map<Site, Integer> ranks() {
        return learner.ranks();
    }

    @Override
    public Map<Site, Growth> growths() {
        return learner.growths();
    }

    @Override
    public List<NamedArray> state() {
        return learner.state();
    }

    @Override
    public void restore(ArraySource stored) {
        learner.restore(stored);
    }

    @Override
    public void close() {
        learner.close();
    }
}
