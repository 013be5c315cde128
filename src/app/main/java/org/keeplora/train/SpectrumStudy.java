package org.keeplora.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.data.Dataset;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.engine.internal.Svd;
import org.keeplora.report.SpectrumReport;
import org.keeplora.torch.TorchMatrix;
import org.keeplora.torch.TorchThreads;

/**
 * Measures where general knowledge sits: zero-shot accuracy with all q, k, v, o weights truncated to their leading
 * singular directions.
 */
public final class SpectrumStudy {
    private final ClipModel model;
    private final RunData data;
    private final ComputeContext context;
    private final BatchLinalg linalg;
    private final RunSettings settings;

    /** Uses only batch size, precision and threads of the settings. Closes none of the arguments. */
    public SpectrumStudy(ClipModel model, RunData data, ComputeContext context, RunSettings settings) {
        this.model = model;
        this.data = data;
        this.context = context;
        this.linalg = BatchLinalg.of(context.linalg());
        this.settings = settings;
    }

    /** The quantity whose share is retained. */
    enum Share {
        /** Σσ²: the definition behind ε_w. */
        ENERGY(value -> value * value),
        /** Σσ: the authors' truncation study. */
        SINGULAR_VALUES(value -> value);

        private final DoubleUnaryOperator weight;

        Share(DoubleUnaryOperator weight) {
            this.weight = weight;
        }

        /**
         * The smallest number of leading {@code values} (descending, not negative) that holds {@code share} of their
         * sum.
         */
        int rank(double[] values, double share) {
            double total = 0;
            for (double value : values) {
                total += weight.applyAsDouble(value);
            }
            double held = 0;
            int rank = 0;
            while (rank < values.length && held < share * total) {
                held += weight.applyAsDouble(values[rank]);
                rank++;
            }
            return rank;
        }
    }

    /**
     * One point for each definition of a share and each of {@code shares}. Restores the model's weights at the end.
     *
     * @param shares each in (0, 1]
     */
    public SpectrumReport run(List<Dataset> datasets, List<Double> shares) {
        TorchThreads.set(settings.threads());
        Map<Site, Matrix> weights = weights();
        Map<Site, Svd> spectra = Map.of();
        try (Evaluator evaluator = Evaluator.of(model, data, context, settings.training(), datasets)) {
            spectra = spectra(weights);
            List<SpectrumReport.Point> points = new ArrayList<>();
            for (Share definition : Share.values()) {
                for (double share : shares) {
                    points.add(point(definition, share, spectra, evaluator));
                }
            }
            return new SpectrumReport(datasets.stream().map(Dataset::name).toList(), points);
        } finally {
            put(weights);
            weights.values().forEach(Matrix::close);
            spectra.values().forEach(Svd::close);
        }
    }

    /** Copies of all weights [in x out]. */
    private Map<Site, Matrix> weights() {
        Map<Site, Matrix> weights = new LinkedHashMap<>();
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            for (Site site : model.sites()) {
                weights.put(site, TorchMatrix.copyOf(model.weight(site).t().contiguous(), linalg));
            }
            return weights;
        }
    }

    private Map<Site, Svd> spectra(Map<Site, Matrix> weights) {
        List<Svd> inOrder = linalg.svd(List.copyOf(weights.values()));
        Map<Site, Svd> spectra = new LinkedHashMap<>();
        weights.keySet().forEach(site -> spectra.put(site, inOrder.get(spectra.size())));
        return spectra;
    }

    private SpectrumReport.Point point(Share definition, double share, Map<Site, Svd> spectra, Evaluator evaluator) {
        Map<Site, Integer> ranks = new LinkedHashMap<>();
        spectra.forEach((site, svd) -> ranks.put(site, definition.rank(svd.values(), share)));
        try (ResourceScope scope = new ResourceScope()) {
            put(cut(spectra, ranks, scope));
        }
        double all =
                spectra.values().stream().mapToInt(svd -> svd.values().length).sum();
        double kept = ranks.values().stream().mapToInt(Integer::intValue).sum() / all;
        double[] percent = evaluator.row(Map.of());
        String name = definition.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return new SpectrumReport.Point(
                name, share, kept, Arrays.stream(percent).boxed().toList());
    }

    /** U_k S_k V_kᵀ [in x out] of every weight; belongs to {@code scope}. */
    private Map<Site, Matrix> cut(Map<Site, Svd> spectra, Map<Site, Integer> ranks, ResourceScope scope) {
        Map<Site, Product> products = new LinkedHashMap<>();
        spectra.forEach((site, svd) -> {
            int rank = ranks.get(site);
            Matrix left = scope.keep(linalg.columns(svd.left(), 0, rank));
            Matrix right = scope.keep(linalg.adopt(svd.scaledRight(rank)));
            Matrix product =
                    scope.keep(linalg.zeros(svd.left().rows(), svd.right().cols(), ElementType.F32));
            products.put(site, Product.of(product, Operand.of(left), Operand.of(right)));
        });
        linalg.multiply(List.copyOf(products.values()));
        Map<Site, Matrix> cut = new LinkedHashMap<>();
        products.forEach((site, product) -> cut.put(site, product.target()));
        return cut;
    }

    private void put(Map<Site, Matrix> weights) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            weights.forEach((site, weight) ->
                    model.weight(site).copy_(TorchMatrix.copyOf(weight).t()));
        }
    }
}
