package org.keeplora.bench;

import java.util.ArrayList;
import java.util.List;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Eigen;

/**
 * All eigenvalues and vectors, descending, of one symmetric float64 matrix [n x n] per site; 9·n³ operations per matrix
 * by convention.
 */
public abstract class EigenproblemSuite extends Suite {
    private final List<double[]> energies = new ArrayList<>();
    private final List<Matrix> matrices = new ArrayList<>();

    /** The sites whose inputs' second moments are decomposed. */
    abstract List<SiteShape> sites();

    @Override
    Inputs inputs(BatchLinalg host) {
        Inputs inputs = new Inputs();
        try (KnownModel model = new KnownModel(host, sites())) {
            for (int i = 0; i < model.size(); i++) {
                inputs.first().add(model.site(i).moment());
                energies.add(model.site(i).energies());
            }
        }
        matrices.addAll(inputs.first());
        return inputs;
    }

    @Override
    Side engine(BatchLinalg linalg, Inputs inputs) {
        return new EngineSide(linalg, inputs) {
            @Override
            List<Matrix> solve() {
                List<Matrix> results = new ArrayList<>();
                for (Eigen eigen : linalg().eigh(first())) {
                    results.add(eigen.values());
                    results.add(eigen.vectors());
                }
                return results;
            }
        };
    }

    @Override
    Side torch(int count, Inputs inputs) {
        return TorchSide.open(backend, count, inputs, TorchWay::eigh);
    }

    /** Checks that λ is the known one, VᵀV = I and C·V = V·diag(λ). */
    @Override
    void verify(List<Matrix> results) {
        for (int i = 0; i < matrices.size(); i++) {
            double[] values = results.get(2 * i).toDoubles();
            Matrix vectors = results.get(2 * i + 1);
            int n = vectors.rows();
            double tolerance = Probe.tolerance(ElementType.F64, n);
            double[] v = Probe.vector(n, i);
            Comparison.requireClose("eigenvalues of matrix " + i, energies.get(i), values, tolerance);
            Probe.requireOrthonormal("eigenvectors of matrix " + i, vectors, tolerance);
            Comparison.requireClose(
                    "eigen-equation of matrix " + i,
                    Probe.times(matrices.get(i), Probe.times(vectors, v)),
                    Probe.times(vectors, Probe.scaled(v, values)),
                    tolerance);
        }
    }

    @Override
    void release() {
        energies.clear();
        matrices.clear();
    }

    @Override
    Work work() {
        return Work.sum(sites(), site -> SiteShape.eigh(site.width()));
    }
}
