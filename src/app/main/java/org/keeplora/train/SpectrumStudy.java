package org.keeplora.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.data.Dataset;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Operand;
import org.keeplora.engine.Product;
import org.keeplora.engine.Svd;
import org.keeplora.method.SpectrumShare;
import org.keeplora.report.SpectrumReport;
import org.keeplora.torch.TorchMatrix;
import org.keeplora.torch.TorchThreads;

/** Where general knowledge sits: zero-shot accuracy with all q, k, v, o weights cut to their leading singular directions. */
public final class SpectrumStudy {
    private final ClipModel model;
    private final Linalg linalg;
    private final RunSettings settings;
    private final RunData data;
    private final RunProgress progress;

    /** Of the settings, batch size, precision and threads count. None of the arguments is closed. */
    public SpectrumStudy(ClipModel model, RunData data, Linalg linalg, RunSettings settings, RunProgress progress) {
        this.model = model;
        this.data = data;
        this.linalg = linalg;
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * One point for each definition of a share and each of {@code shares}; the model's weights are afterwards as before.
     *
     * @param shares each in (0, 1]
     */
    public SpectrumReport run(List<Dataset> datasets, List<Double> shares) {
        TorchThreads.set(settings.threads());
        List<Evaluator.TestSet> sets = new ArrayList<>();
        List<Svd> spectra = new ArrayList<>();
        List<Matrix> weights = weights();
        try {
            datasets.forEach(dataset -> sets.add(data.test(dataset, ProcessGroup.SINGLE)));
            spectra.addAll(linalg.svd(weights));
            List<SpectrumReport.Point> points = new ArrayList<>();
            for (SpectrumShare definition : SpectrumShare.values()) {
                shares.forEach(share -> points.add(point(definition, share, spectra, sets)));
            }
            return new SpectrumReport(datasets.stream().map(Dataset::name).toList(), points);
        } finally {
            put(weights);
            weights.forEach(Matrix::close);
            spectra.forEach(Svd::close);
            sets.forEach(Evaluator.TestSet::close);
        }
    }

    /** Copies of all weights [in x out], in the order of the sites. */
    private List<Matrix> weights() {
        List<Matrix> weights = new ArrayList<>();
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            for (Site site : model.sites()) {
                Tensor weight = model.weight(site).t().contiguous();
                weights.add(TorchMatrix.copyOf(weight, linalg));
            }
            return weights;
        }
    }

    private SpectrumReport.Point point(
            SpectrumShare definition, double share, List<Svd> spectra, List<Evaluator.TestSet> sets) {
        int[] ranks = spectra.stream()
                .mapToInt(svd -> definition.rank(svd.values(), share))
                .toArray();
        List<Matrix> cut = cut(spectra, ranks);
        try {
            put(cut);
        } finally {
            cut.forEach(Matrix::close);
        }
        double all = spectra.stream().mapToInt(svd -> svd.values().length).sum();
        double kept = Arrays.stream(ranks).sum() / all;
        double[] percent = new Evaluator(model, settings.training(), ProcessGroup.SINGLE, progress).row(sets, Map.of());
        String name = definition.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return new SpectrumReport.Point(
                name, share, kept, Arrays.stream(percent).boxed().toList());
    }

    /** U_k S_k V_kᵀ [in x out] of every weight; the caller closes them. */
    private List<Matrix> cut(List<Svd> spectra, int[] ranks) {
        List<Product> products = new ArrayList<>();
        for (int i = 0; i < ranks.length; i++) {
            Svd svd = spectra.get(i);
            products.add(Product.of(
                    Operand.of(linalg.columns(svd.left(), 0, ranks[i])),
                    Operand.of(linalg.adopt(svd.scaledRight(ranks[i]))),
                    linalg.zeros(svd.left().rows(), svd.right().cols(), ElementType.F32)));
        }
        try {
            linalg.multiply(products);
            return products.stream().map(Product::target).toList();
        } finally {
            products.forEach(product -> {
                product.left().matrix().close();
                product.right().matrix().close();
            });
        }
    }

    private void put(List<Matrix> weights) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            for (int i = 0; i < weights.size(); i++) {
                model.weight(model.sites().get(i))
                        .copy_(TorchMatrix.copyOf(weights.get(i)).t());
            }
        }
    }
}
