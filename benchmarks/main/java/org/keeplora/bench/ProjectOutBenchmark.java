package org.keeplora.bench;

import java.util.ArrayList;
import java.util.List;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Projector;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * R = G − M(MᵀG) of every site, M [in x k], G [in x out]; 4·in·k·out operations per site. Our implementation works in
 * place, so from the second shot on it projects an already projected gradient, with the same work.
 */
public class ProjectOutBenchmark extends Suite {
    @Param({"VIT_B16_SITE", "VIT_B16_BLOCK", "VIT_B16_MODEL", "VIT_B16_MODEL_RAGGED"})
    public ModelShape shape;

    @Param({"F32", "F64"})
    public ElementType type;

    private final List<double[]> expected = new ArrayList<>();

    @Override
    Inputs inputs(BatchLinalg host) {
        Inputs inputs = new Inputs();
        try (KnownModel model = new KnownModel(host, shape.sites())) {
            for (int i = 0; i < model.size(); i++) {
                Matrix basis = model.site(i).basis(type);
                Matrix gradient = model.site(i).gradient(type, true);
                inputs.first().add(basis);
                inputs.second().add(gradient);
                expected.add(Probe.outside(basis, Probe.times(gradient, probe(i))));
            }
        }
        return inputs;
    }

    private double[] probe(int site) {
        return Probe.vector(shape.sites().get(site).width(), site);
    }

    @Override
    Side engine(BatchLinalg linalg, Inputs inputs) {
        return new InPlaceSide<>(
                linalg,
                inputs,
                (basis, gradient) -> new Projection(gradient, Projector.outOf(basis)),
                BatchLinalg::projectOut);
    }

    @Override
    Side torch(int count, Inputs inputs) {
        return TorchSide.open(backend, count, inputs, TorchWay::projectOut);
    }

    @Override
    void verify(List<Matrix> results) {
        for (int i = 0; i < results.size(); i++) {
            Matrix residual = results.get(i);
            Comparison.requireClose(
                    "projectOut of site " + i,
                    expected.get(i),
                    Probe.times(residual, probe(i)),
                    Probe.tolerance(type, residual.rows()));
        }
    }

    @Override
    void release() {
        expected.clear();
    }

    @Override
    Work work() {
        return Work.sum(shape.sites(), site -> site.projectOut(type));
    }

    @Benchmark
    public double projectOut() {
        return side().shot();
    }
}
