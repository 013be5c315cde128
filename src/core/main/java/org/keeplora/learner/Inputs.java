package org.keeplora.learner;

import java.util.List;
import java.util.Map;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.Require;
import org.keeplora.engine.internal.ResourceScope;

/**
 * What the sites read during one pass over a learned task's data: inputs [n x in], n rows of samples, images times
 * tokens, or whatever the layer saw. Only C = Σ xᵀx [in x in] float64 of each input is kept.
 *
 * <p>Several threads may add at once. A sum has the same bits if what is added to one input comes in the same order.
 * The caller closes it.
 */
public final class Inputs extends ArraySink {
    private final ElementType products;

    /** @param products type in which products of narrower inputs are computed */
    Inputs(BatchLinalg linalg, Iterable<Site> sites, ElementType products) {
        super(linalg, "Inputs");
        this.products = products;
        sites.forEach(site -> expect(site.input(), site.in(), site.in()));
    }

    @Override
    ElementType type() {
        return ElementType.F64;
    }

    @Override
    void add(Matrix total, Values values, ResourceScope scope) {
        int in = total.cols();
        Matrix samples = values.samples(linalg, values.rows(in), in, scope);
        linalg.accumulateGram(List.of(new GramUpdate(total, samples, products)));
    }

    /**
     * Takes C of an input that the caller has summed, as several processes do, in place of adding its rows.
     *
     * @param moment [in x in] float64 where the learner computes; belongs to this object from now on, unless this
     *     throws
     * @throws IllegalArgumentException naming the input if the moment does not fit, is not finite or not symmetric
     */
    public void take(String input, Matrix moment) {
        Require.that(moment != null, "Inputs.take: %s: the moment is null", Names.shown(input));
        try {
            linalg.requireSymmetric("moment", List.of(moment));
        } catch (IllegalArgumentException e) {
            throw Names.about("Inputs.take: " + input, e);
        }
        put(input, moment, 1);
    }

    @Override
    Map<String, Matrix> totals() {
        Map<String, Matrix> totals = super.totals();
        linalg.mirror(List.copyOf(totals.values()));
        return totals;
    }
}
