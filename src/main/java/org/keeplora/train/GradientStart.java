package org.keeplora.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.Adapter;
import org.keeplora.clip.ClipArchitecture;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.clip.TorchMatrix;
import org.keeplora.clip.Tower;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.method.LoraFactors;
import org.keeplora.method.LoraStart;
import org.keeplora.method.PrincipalSubspace;

/** Adapters that start from the task's gradient, outside given subspaces (steps 1 to 3 of the procedure). */
final class GradientStart {
    private final ClipModel model;
    private final Linalg linalg;
    private final MethodSettings settings;
    private final GradientEstimator gradients;
    private final long seed;

    GradientStart(ClipModel model, Linalg linalg, MethodSettings settings, GradientEstimator gradients, long seed) {
        this.model = model;
        this.linalg = linalg;
        this.settings = settings;
        this.gradients = gradients;
        this.seed = seed;
    }

    /** One adapter for each of {@code sites}, in whose order the subspaces are; copies in the caller's scope. */
    Map<Site, Adapter> adapters(TaskData task, List<Site> sites, List<PrincipalSubspace> subspaces) {
        List<Matrix> residuals = gradients.mean(task, sites);
        try {
            PrincipalSubspace.projectOut(linalg, subspaces, residuals);
            long[] seeds = new long[sites.size()];
            for (int i = 0; i < seeds.length; i++) {
                seeds[i] = Seeds.of(seed, Seeds.Purpose.LORA_START, task.number(), i);
            }
            List<LoraFactors> factors = LoraStart.of(
                    linalg,
                    subspaces,
                    residuals,
                    settings.rank(),
                    settings.switches().startB(),
                    seeds);
            Map<Site, Adapter> adapters = new LinkedHashMap<>();
            for (int i = 0; i < seeds.length; i++) {
                adapters.put(sites.get(i), adapter(sites.get(i), factors.get(i)));
            }
            return adapters;
        } finally {
            residuals.forEach(Matrix::close);
        }
    }

    private Adapter adapter(Site site, LoraFactors factors) {
        try (factors) {
            Tensor a = TorchMatrix.view(factors.a()).clone();
            Tensor b = TorchMatrix.view(factors.b()).clone();
            return new Adapter(a, b, scale(site), Adapter.Trained.B);
        }
    }

    /** s = alpha / r, times the layer scale; r is the configured rank even where a site has fewer free directions. */
    private double scale(Site site) {
        ClipArchitecture.TowerShape shape = model.architecture().tower(site.tower());
        double layer = site.tower() == Tower.TEXT
                ? 1
                : settings.switches().layerScale().ofVisionBlock(site.block(), shape.blocks());
        return settings.alpha() / settings.rank() * layer;
    }
}
