package org.keeplora.train;

import java.util.List;
import java.util.Map;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.engine.Matrix;
import org.keeplora.report.StageTimes;
import org.keeplora.store.ArraySource;
import org.keeplora.store.NamedArray;
import org.keeplora.torch.Adapter;

/**
 * Adapters that start from the task's gradient outside of what is protected (steps 1 to 3 of the procedure). Alone it
 * protects nothing: the baseline that shows the effect of protection.
 */
final class GradientLora implements ContinualMethod {
    private final GradientEstimator gradients;
    private final StageTimes times;
    private final ClipLearner learner;

    /** Protects nothing. */
    GradientLora(ClipModel model, ComputeContext context, RunSettings settings) {
        this(model, context, settings, new ClipLearner(model, context.linalg(), settings));
    }

    /** @param learner may protect; closed with this */
    GradientLora(ClipModel model, ComputeContext context, RunSettings settings, ClipLearner learner) {
        this.gradients =
                new GradientEstimator(model, context, settings.training().batchSize());
        this.times = context.monitor().times();
        this.learner = learner;
    }

    @Override
    public Map<Site, Adapter> start(TaskData task) {
        Map<Site, Matrix> means = times.measure("gradient", () -> gradients.mean(task));
        return times.measure("adapter start", () -> learner.begin(means));
    }

    @Override
    public void merged(TaskData task) {
        learner.end();
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
