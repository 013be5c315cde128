package org.keeplora.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.method.internal.PrincipalSubspace;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * From one task's second moments C [in x in] to every site's extended basis, up to a covered share of 0.99. Counted
 * operations: QᵀCQ, Q·V and 9·n³ for the eigenproblem, n = in − k; an implementation may solve one of width in instead.
 * {@link GrowBasesBenchmark} starts from the features and is the comparison with the authors.
 */
public class BasisGrowBenchmark extends Suite {
    @Param({"VIT_B16_BLOCK", "VIT_B16_MODEL", "VIT_B16_MODEL_RAGGED"})
    public ModelShape shape;

    private final List<double[]> expected = new ArrayList<>();
    private final List<Integer> ranks = new ArrayList<>();

    @Override
    Inputs inputs(BatchLinalg host) {
        Inputs inputs = new Inputs();
        Map<Integer, Matrix> moments = new HashMap<>();
        try (KnownModel model = new KnownModel(host, shape.sites())) {
            for (int i = 0; i < model.size(); i++) {
                KnownSite site = model.site(i);
                inputs.first().add(site.basis(ElementType.F32));
                inputs.second().add(moments.computeIfAbsent(model.shape(i).input(), input -> site.moment()));
                int[] columns = site.grown(VitBlock.FEATURE_ENERGY);
                ranks.add(columns.length);
                expected.add(site.projected(columns, probe(i)));
            }
        }
        return inputs;
    }

    private double[] probe(int site) {
        return Probe.vector(shape.sites().get(site).width(), site);
    }

    @Override
    Side engine(BatchLinalg linalg, Inputs inputs) {
        return new SubspaceSide(linalg, inputs) {
            @Override
            List<Matrix> solve() {
                PrincipalSubspace.extend(linalg(), paired(PrincipalSubspace.Extension::new), VitBlock.FEATURE_ENERGY);
                return subspaces().stream()
                        .map(subspace -> subspace.projector().basis())
                        .toList();
            }

            @Override
            void release(List<Matrix> results) {}
        };
    }

    @Override
    Side torch(int count, Inputs inputs) {
        return TorchSide.open(backend, count, inputs, TorchWay::grow);
    }

    /**
     * Checks that the rank is the known one, and that the columns are orthonormal and span the known subspace or, where
     * that is narrower, its complement.
     */
    @Override
    void verify(List<Matrix> results) {
        for (int i = 0; i < results.size(); i++) {
            Matrix basis = results.get(i);
            boolean isComplement = basis.cols() != ranks.get(i) && basis.rows() - basis.cols() == ranks.get(i);
            if (basis.cols() != ranks.get(i) && !isComplement) {
                throw new IllegalStateException("grown basis of site " + i + ": " + basis.cols()
                        + " columns; the rank must be " + ranks.get(i));
            }
            double tolerance = Probe.tolerance(ElementType.F32, basis.rows());
            Probe.requireOrthonormal("grown basis of site " + i, basis, tolerance);
            double[] probe = probe(i);
            double[] inside = Probe.times(basis, Probe.transposedTimes(basis, probe));
            Comparison.requireClose(
                    "projector of site " + i,
                    expected.get(i),
                    isComplement ? difference(probe, inside) : inside,
                    tolerance);
        }
    }

    private static double[] difference(double[] one, double[] other) {
        return IntStream.range(0, one.length)
                .mapToDouble(i -> one[i] - other[i])
                .toArray();
    }

    @Override
    void release() {
        expected.clear();
        ranks.clear();
    }

    @Override
    Work work() {
        return Work.sum(shape.sites(), SiteShape::grow);
    }

    /** Resets the subspaces, because they grow in place. */
    @Setup(Level.Invocation)
    public void startAgain() {
        side().restore();
    }

    @Benchmark
    public double basisGrow() {
        return side().shot();
    }
}
