package org.keeplora.learner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Require;
import org.keeplora.engine.internal.ResourceScope;

/**
 * The gradients [in x out] of a new task's loss with respect to each site's weight, from one pass over the training set
 * with nothing adapted. {@link ContinualLearner#begin} takes each site's mean over what was added to it, each batch
 * with the same weight. The sums are in float32.
 *
 * <p>Several threads may add at once. A sum has the same bits if what is added to one site comes in the same order. The
 * caller closes it.
 */
public final class Gradients extends ArraySink {
    Gradients(BatchLinalg linalg, Iterable<Site> sites) {
        super(linalg, "Gradients");
        sites.forEach(site -> expect(site.name(), site.in(), site.out()));
    }

    @Override
    ElementType type() {
        return ElementType.F32;
    }

    @Override
    void add(Matrix total, Values values, ResourceScope scope) {
        Matrix term = values.floats(linalg, total.rows(), total.cols(), scope);
        linalg.add(List.of(new Addition(total, 1, term)));
    }

    /** G [in x out] float32 of every site; {@code scope} closes what it takes. To be read {@link #alone}. */
    Map<String, Matrix> means(ResourceScope scope) {
        Map<String, Matrix> means = new LinkedHashMap<>();
        Map<String, Matrix> totals = totals();
        for (String site : names()) {
            Matrix total = totals.get(site);
            Require.that(
                    total != null,
                    "begin: no gradient of %s was added; add one, or name the other sites to gradients",
                    site);
            try {
                linalg.norms(List.of(total)); // refuses a sum that has overflowed
            } catch (IllegalArgumentException e) {
                throw Names.about("begin: the gradients of " + site, e);
            }
            long terms = terms(site);
            means.put(site, terms == 1 ? total : divided(total, terms, scope));
        }
        return means;
    }

    private Matrix divided(Matrix total, long terms, ResourceScope scope) {
        Matrix mean = scope.keep(linalg.zeros(total.rows(), total.cols(), ElementType.F32));
        linalg.add(List.of(new Addition(mean, 1.0 / terms, total)));
        return mean;
    }
}
