package org.keeplora.engine;

import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.keeplora.engine.internal.Assembly;
import org.keeplora.engine.internal.Assembly.Columns;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.Factors;
import org.keeplora.engine.internal.LeadingEigen;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.ResourceScope;

/**
 * Leading eigenpairs by a block Krylov iteration with full orthogonalisation (Golub and Underwood 1977; random start as
 * in Musco and Musco 2015). All problems of a batch step together, and each product of a step is one batch.
 *
 * <pre>
 *   X = AΩ;  repeat: X = orth((I − VVᵀ) X), V = [V X], X = A X
 *   VᵀAV = S Θ Sᵀ: the pairs are Θ, VS
 * </pre>
 */
final class BlockKrylov {
    /** One start for all problems, so that a result depends on its problem only. */
    private static final long SEED = 7;

    private final LinalgKernels kernels;
    private final ResourceScope scope;

    private BlockKrylov(LinalgKernels kernels, ResourceScope scope) {
        this.kernels = kernels;
        this.scope = scope;
    }

    /** The pairs of each problem; none for a problem that is given up ({@link KrylovSearch}). */
    static List<Eigen> leading(LinalgKernels kernels, List<LeadingEigen> batch) {
        return ResourceScope.handOver(results -> {
            try (ResourceScope scope = new ResourceScope()) {
                List<KrylovSearch> all = batch.stream()
                        .map(problem -> new KrylovSearch(kernels, problem, scope))
                        .toList();
                new BlockKrylov(kernels, scope).run(all);
                return results(kernels, all, results);
            }
        });
    }

    private static List<Eigen> results(LinalgKernels kernels, List<KrylovSearch> all, ResourceScope results) {
        List<Assembly> copies = all.stream()
                .flatMap(search -> search.results().stream())
                .map(result -> Assembly.of(ElementType.F64, result))
                .toList();
        Iterator<Matrix> made = results.keep(kernels.assemble(copies)).iterator();
        return all.stream().map(search -> new Eigen(made.next(), made.next())).toList();
    }

    private void run(List<KrylovSearch> all) {
        List<KrylovSearch> open = all.stream().filter(KrylovSearch::begin).toList();
        open.stream().collect(Collectors.groupingBy(KrylovSearch::width)).forEach(this::start);
        while (!open.isEmpty()) {
            extend(open);
            List<KrylovSearch> due = open.stream().filter(KrylovSearch::isDue).toList();
            if (!due.isEmpty()) {
                decompose(due);
            }
            open = open.stream().filter(search -> !search.hasEnded()).toList();
        }
    }

    /** X ← AΩ; the first rows of one Ω serve all searches with blocks of this width. */
    private void start(int width, List<KrylovSearch> searches) {
        int rows = searches.stream()
                .mapToInt(search -> search.matrix().rows())
                .max()
                .orElseThrow();
        Matrix signs = placed(RandomSigns.matrix(rows, width, ElementType.F64, SEED));
        Matrix unit = placed(identity(width));
        searches.forEach(search -> search.useUnit(unit));
        try (ResourceScope views = new ResourceScope()) {
            multiply(searches, search -> {
                Matrix random = views.keep(search.view(signs, 0, search.matrix().rows()));
                return Product.of(search.block(), Operand.of(search.matrix()), Operand.of(random));
            });
        }
    }

    private static Matrix identity(int n) {
        Matrix identity = Matrix.zeros(n, n, ElementType.F64);
        for (int i = 0; i < n; i++) {
            identity.set(i, i, 1);
        }
        return identity;
    }

    /** The matrix where the kernels compute, kept in the scope. */
    private Matrix placed(Matrix host) {
        scope.keep(host);
        return kernels.place() == Place.HOST
                ? host
                : scope.keep(kernels.uninitialized(host.rows(), host.cols(), host.type()))
                        .writtenFrom(host);
    }

    /** V ← [V X], then X ← A X. */
    private void extend(List<KrylovSearch> open) {
        for (int pass = 0; pass < 2; pass++) { // twice is enough, with columns of length 1 between
            removeVectors(open);
            kernels.orthonormalize(open.stream().map(KrylovSearch::block).toList());
        }
        try (ResourceScope views = new ResourceScope()) {
            multiply(
                    open,
                    search -> Product.of(
                            views.keep(search.nextVectors()),
                            Operand.of(search.unit()),
                            Operand.transposed(search.block())));
            multiply(
                    open,
                    search -> Product.of(
                            views.keep(search.nextImages()),
                            Operand.transposed(search.block()),
                            Operand.of(search.matrix())));
            multiply(
                    open,
                    search -> Product.of(
                            search.block(),
                            Operand.transposed(views.keep(search.nextImages())),
                            Operand.of(search.unit())));
        }
        open.forEach(KrylovSearch::extended);
    }

    /** X ← (I − VVᵀ) X. */
    private void removeVectors(List<KrylovSearch> open) {
        try (ResourceScope step = new ResourceScope()) {
            List<Matrix> vectors =
                    open.stream().map(search -> step.keep(search.vectors())).toList();
            List<Matrix> inside = step.keep(kernels.products(IntStream.range(0, open.size())
                    .mapToObj(i -> new Factors(
                            Operand.of(vectors.get(i)), Operand.of(open.get(i).block())))
                    .toList()));
            kernels.multiply(IntStream.range(0, open.size())
                    .mapToObj(i -> new Product(
                            open.get(i).block(), -1, Operand.transposed(vectors.get(i)), Operand.of(inside.get(i)), 1))
                    .toList());
        }
    }

    private void multiply(List<KrylovSearch> searches, Function<KrylovSearch, Product> product) {
        kernels.multiply(searches.stream().map(product).toList());
    }

    /** The eigenpairs Θ, S of VᵀAV. */
    private record Ritz(KrylovSearch search, Matrix square, Eigen pairs) {}

    /** Decomposes VᵀAV. Ends the searches that found their pairs, and those that are to be given up. */
    private void decompose(List<KrylovSearch> due) {
        try (ResourceScope step = new ResourceScope()) {
            List<Matrix> squares = step.keep(kernels.products(due.stream()
                    .map(search -> new Factors(
                            Operand.of(step.keep(search.vectors())), Operand.transposed(step.keep(search.images()))))
                    .toList()));
            List<Eigen> eigens = kernels.eigh(squares);
            eigens.forEach(pairs -> {
                scope.keep(pairs.values());
                step.keep(pairs.vectors());
            });
            List<double[]> values =
                    kernels.toHost(eigens.stream().map(Eigen::values).toList());
            List<Ritz> reached = IntStream.range(0, due.size())
                    .filter(i -> due.get(i).reaches(values.get(i)))
                    .mapToObj(i -> new Ritz(due.get(i), squares.get(i), eigens.get(i)))
                    .toList();
            if (!reached.isEmpty()) {
                take(reached, step);
            }
        }
    }

    /** Y = VS and the residual AY − YΘ = (AV)S − V(VᵀAV)S of the pairs that reach the energy. */
    private void take(List<Ritz> reached, ResourceScope step) {
        List<Matrix> coordinates = step.keep(kernels.assemble(reached.stream()
                .map(ritz -> Assembly.of(ElementType.F64, new Columns(ritz.pairs.vectors(), 0, ritz.search.pairs())))
                .toList()));
        List<Operand> v = reached.stream()
                .map(ritz -> Operand.transposed(step.keep(ritz.search.vectors())))
                .toList();
        List<Matrix> found = scope.keep(products(v, coordinates));
        List<Matrix> residuals = step.keep(products(
                reached.stream()
                        .map(ritz -> Operand.transposed(step.keep(ritz.search.images())))
                        .toList(),
                coordinates));
        List<Matrix> scaled = step.keep(
                products(reached.stream().map(ritz -> Operand.of(ritz.square)).toList(), coordinates));
        kernels.multiply(IntStream.range(0, v.size())
                .mapToObj(i -> new Product(residuals.get(i), -1, v.get(i), Operand.of(scaled.get(i)), 1))
                .toList());
        double[] norms = kernels.norms(residuals);
        for (int i = 0; i < norms.length; i++) {
            reached.get(i).search.judge(norms[i], reached.get(i).pairs.values(), found.get(i));
        }
    }

    private List<Matrix> products(List<Operand> lefts, List<Matrix> rights) {
        return kernels.products(IntStream.range(0, lefts.size())
                .mapToObj(i -> new Factors(lefts.get(i), Operand.of(rights.get(i))))
                .toList());
    }
}
