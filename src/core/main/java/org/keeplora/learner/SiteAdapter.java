package org.keeplora.learner;

import java.util.ArrayList;
import java.util.List;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Require;
import org.keeplora.engine.internal.ResourceScope;

/**
 * The adapter of one site for one task: y = x·W' + s·(x·A)·B with W' = W − s·A·B_start. Only B is trained. Belongs to
 * its {@link TaskAdapters}.
 */
public final class SiteAdapter implements AutoCloseable {
    private final BatchLinalg linalg;
    private final Site site;
    private final double scale;
    private final Matrix a;
    private Matrix b;
    private final Matrix startB;

    private SiteAdapter(BatchLinalg linalg, Site site, double scale, Matrix a, Matrix b, Matrix startB) {
        this.linalg = linalg;
        this.site = site;
        this.scale = scale;
        this.a = a;
        this.b = b;
        this.startB = startB;
    }

    /** An adapter of its own copies of the factors, which lie on the host or where {@code linalg} computes. */
    static SiteAdapter copyOf(BatchLinalg linalg, Site site, double scale, Matrix a, Matrix b, Matrix startB) {
        List<Matrix> copies = new ArrayList<>();
        try {
            List.of(a, b, startB).forEach(factor -> copies.add(linalg.copyOf(factor)));
            return new SiteAdapter(linalg, site, scale, copies.get(0), copies.get(1), copies.get(2));
        } catch (RuntimeException | Error e) {
            copies.forEach(Matrix::close);
            throw e;
        }
    }

    /** The site that it adapts. */
    public Site site() {
        return site;
    }

    /** A [in x r] float32 where the learner computes, orthonormal columns outside of what is protected; frozen. */
    public Matrix a() {
        return a;
    }

    /**
     * B [r x out] float32 where the learner computes: the start, until it is trained. Train in this memory, or train a
     * copy and give it to {@link #trained}.
     */
    public Matrix b() {
        return b;
    }

    /** B as it was at the start; equal to {@link #b} before training. */
    public Matrix startB() {
        return startB;
    }

    /** s = alpha / r, times the site's factor. */
    public double scale() {
        return scale;
    }

    /** r; smaller than the learner's rank where fewer directions are free. */
    public int rank() {
        return a.cols();
    }

    /**
     * Takes the trained B in place of {@link #b}, which is closed.
     *
     * @param values [r x out]
     * @throws IllegalArgumentException naming the site if they do not fit or are not finite
     */
    public void trained(Values values) {
        Require.that(values != null, "trained: %s: the values are null", site.name());
        try (ResourceScope scope = new ResourceScope()) {
            linalg.norms(List.of(startB)); // refuses use after close
            Matrix given = values.floats(linalg, b.rows(), b.cols(), scope);
            linalg.norms(List.of(given)); // refuses what is not finite
            Matrix copy = linalg.copyOf(given);
            b.close();
            b = copy;
        } catch (IllegalArgumentException e) {
            throw Names.about("trained: " + site.name(), e);
        }
    }

    /** W ← W − s·A·B_start, in the caller's array [in x out]: with the adapter beside it the map is unchanged. */
    public void attachTo(Values weight) {
        add("attachTo", weight, startB, -scale);
    }

    /** W ← W + s·A·B, in the caller's array [in x out], which {@link #attachTo} has changed before. */
    public void mergeInto(Values weight) {
        add("mergeInto", weight, b, scale);
    }

    private void add(String operation, Values weight, Matrix factor, double by) {
        Require.that(weight != null, "%s: %s: the weight is null", operation, site.name());
        try (ResourceScope scope = new ResourceScope()) {
            Matrix change = scope.keep(linalg.zeros(site.in(), site.out(), ElementType.F32));
            linalg.multiply(List.of(new Product(change, by, Operand.of(a), Operand.of(factor), 0)));
            weight.add(linalg, change);
        } catch (IllegalArgumentException e) {
            throw Names.about(operation + ": " + site.name(), e);
        }
    }

    /** Aᵀ [r x in] float32 on the host; {@code scope} closes it. */
    Matrix transposedA(ResourceScope scope) {
        return transposed(a, scope);
    }

    /** s·(B − B_start)ᵀ [out x r] float32 on the host: the task changed W by A·B of these. {@code scope} closes it. */
    Matrix transposedChange(ResourceScope scope) {
        Matrix change = scope.keep(linalg.zeros(b.rows(), b.cols(), ElementType.F32));
        linalg.add(List.of(new Addition(change, scale, b)));
        linalg.add(List.of(new Addition(change, -scale, startB)));
        return transposed(change, scope);
    }

    private Matrix transposed(Matrix matrix, ResourceScope scope) {
        return scope.keep(scope.keep(linalg.transpose(matrix)).toHost());
    }

    @Override
    public void close() {
        a.close();
        b.close();
        startB.close();
    }
}
