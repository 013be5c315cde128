package org.keeplora.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.clip.Tower;
import org.keeplora.engine.Matrix;
import org.keeplora.method.LoraFactors;
import org.keeplora.report.StageTimes;
import org.keeplora.torch.Adapter;
import org.keeplora.torch.TorchMatrix;

/**
 * Adapters that start from the task's gradient outside of given subspaces (steps 1 to 3 of the procedure). Without
 * protection it is the baseline that shows the effect of the subspaces. Closes the subspaces.
 */
final class GradientLora implements ContinualMethod {
    private final ClipModel model;
    private final GradientEstimator gradients;
    private final RunSettings settings;
    private final StageTimes times;
    private final SiteSubspaces subspaces;

    /** Protects nothing. */
    GradientLora(ClipModel model, ComputeContext context, RunSettings settings) {
        this(model, context, settings, SiteSubspaces.empty(context.linalg(), model));
    }

    /** @param subspaces may grow between two tasks; closed with this */
    GradientLora(ClipModel model, ComputeContext context, RunSettings settings, SiteSubspaces subspaces) {
        this.model = model;
        this.gradients =
                new GradientEstimator(model, context, settings.training().batchSize());
        this.settings = settings;
        this.times = context.monitor().times();
        this.subspaces = subspaces;
    }

    @Override
    public Map<Site, Adapter> start(TaskData task) {
        Map<Site, Matrix> means = times.measure("gradient", () -> gradients.mean(task));
        try {
            List<Site> sites = model.sites();
            Map<Site, LoraFactors> factors = times.measure(
                    "adapter start",
                    () -> subspaces.starts(
                            means,
                            settings.method(),
                            site -> settings.seed(RunSettings.Purpose.LORA_START, task.number(), sites.indexOf(site))));
            Map<Site, Adapter> adapters = new LinkedHashMap<>();
            factors.forEach((site, start) -> adapters.put(site, adapter(site, start)));
            return adapters;
        } finally {
            means.values().forEach(Matrix::close);
        }
    }

    private Adapter adapter(Site site, LoraFactors factors) {
        try (factors) {
            Tensor a = TorchMatrix.copyOf(factors.a());
            Tensor b = TorchMatrix.copyOf(factors.b());
            return new Adapter(a, b, scale(site), Adapter.Trained.B);
        }
    }

    /** s = alpha / r, times the layer scale; r is the configured rank even if a site has fewer free directions. */
    private double scale(Site site) {
        MethodSettings method = settings.method();
        double layer = 1;
        if (site.tower() == Tower.VISION) {
            int blocks = model.architecture().tower(Tower.VISION).blocks();
            layer = method.switches().layerScale().ofVisionBlock(site.block(), blocks);
        }
        return method.alpha() / method.rank() * layer;
    }

    @Override
    public void close() {
        subspaces.close();
    }
}
