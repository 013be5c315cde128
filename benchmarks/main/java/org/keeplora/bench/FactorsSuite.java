package org.keeplora.bench;

import java.util.ArrayList;
import java.util.List;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;

/**
 * The common part of suites whose results are the leading factors of each site's gradient, of rank 16: left, right,
 * left, right, ...
 */
public abstract class FactorsSuite extends Suite {
    private final List<double[]> expected = new ArrayList<>();

    abstract ModelShape shape();

    abstract ElementType type();

    /**
     * Whether the first inputs are bases and the second ones gradients with a part inside the bases; else the first
     * inputs are gradients without that part.
     */
    abstract boolean projected();

    @Override
    final Inputs inputs(BatchLinalg host) {
        Inputs inputs = new Inputs();
        try (KnownModel model = new KnownModel(host, shape().sites())) {
            for (int i = 0; i < model.size(); i++) {
                KnownSite site = model.site(i);
                if (projected()) {
                    inputs.first().add(site.basis(type()));
                }
                (projected() ? inputs.second() : inputs.first()).add(site.gradient(type(), projected()));
                expected.add(site.leading(VitBlock.RANK, probe(i)));
            }
        }
        return inputs;
    }

    private double[] probe(int site) {
        return Probe.vector(shape().sites().get(site).width(), site);
    }

    /** Checks that left is orthonormal and left·right is the known best approximation. */
    @Override
    final void verify(List<Matrix> results) {
        for (int i = 0; i < expected.size(); i++) {
            Matrix left = results.get(2 * i);
            Matrix right = results.get(2 * i + 1);
            double tolerance = Probe.tolerance(type(), left.rows());
            Probe.requireOrthonormal("left factor of site " + i, left, tolerance);
            Comparison.requireClose(
                    "left · right of site " + i,
                    expected.get(i),
                    Probe.times(left, Probe.times(right, probe(i))),
                    tolerance * KnownSite.sensitivity());
        }
    }

    @Override
    final void release() {
        expected.clear();
    }
}
