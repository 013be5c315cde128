package org.keeplora.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipArchitecture;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.clip.Tower;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.method.LoraFactors;
import org.keeplora.method.LoraStart;
import org.keeplora.method.PrincipalSubspace;
import org.keeplora.report.StageTimes;
import org.keeplora.torch.Adapter;
import org.keeplora.torch.TorchMatrix;

/** Adapters that start from the task's gradient, outside given subspaces (steps 1 to 3 of the procedure). */
final class GradientStart {
    private final ClipModel model;
    private final Linalg linalg;
    private final GradientEstimator gradients;
    private final RunSettings settings;
    private final StageTimes times;

    GradientStart(ClipModel model, Linalg linalg, GradientEstimator gradients, RunSettings settings, StageTimes times) {
        this.model = model;
        this.linalg = linalg;
        this.gradients = gradients;
        this.settings = settings;
        this.times = times;
    }

    /** One adapter for each of {@code sites}, in whose order the subspaces are; copies in the caller's scope. */
    Map<Site, Adapter> adapters(TaskData task, List<Site> sites, List<PrincipalSubspace> subspaces) {
        List<Matrix> means = times.measure("gradient", () -> gradients.mean(task, sites));
        try {
            List<LoraFactors> factors = times.measure("adapter start", () -> start(task, subspaces, means));
            Map<Site, Adapter> adapters = new LinkedHashMap<>();
            for (int i = 0; i < sites.size(); i++) {
                adapters.put(sites.get(i), adapter(sites.get(i), factors.get(i)));
            }
            return adapters;
        } finally {
            means.forEach(Matrix::close);
        }
    }

    private List<LoraFactors> start(TaskData task, List<PrincipalSubspace> subspaces, List<Matrix> means) {
        long[] seeds = LongStream.range(0, means.size())
                .map(site -> Seeds.of(settings.seed(), Seeds.Purpose.LORA_START, task.number(), (int) site))
                .toArray();
        MethodSettings method = settings.method();
        return LoraStart.of(
                linalg, subspaces, means, method.rank(), method.switches().startB(), seeds);
    }

    private Adapter adapter(Site site, LoraFactors factors) {
        try (factors) {
            Tensor a = TorchMatrix.copyOf(factors.a());
            Tensor b = TorchMatrix.copyOf(factors.b());
            return new Adapter(a, b, scale(site), Adapter.Trained.B);
        }
    }

    /** s = alpha / r, times the layer scale; r is the configured rank even where a site has fewer free directions. */
    private double scale(Site site) {
        ClipArchitecture.TowerArchitecture shape = model.architecture().tower(site.tower());
        double layer = site.tower() == Tower.TEXT
                ? 1
                : settings.method().switches().layerScale().ofVisionBlock(site.block(), shape.blocks());
        return settings.method().alpha() / settings.method().rank() * layer;
    }
}
