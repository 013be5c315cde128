package org.keeplora.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.keeplora.engine.internal.Eigen;
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
    private final LinalgKernels kernels;

    private BlockKrylov(LinalgKernels kernels) {
        this.kernels = kernels;
    }

    /** The pairs of each problem; none for a problem that is given up ({@link KrylovSearch}). */
    static List<Eigen> leading(LinalgKernels kernels, List<LeadingEigen> batch) {
        return ResourceScope.handOver(results -> {
            try (ResourceScope scope = new ResourceScope()) {
                List<KrylovSearch> all = batch.stream()
                        .map(problem -> new KrylovSearch(kernels, problem, scope))
                        .toList();
                new BlockKrylov(kernels).run(all);
                return all.stream().map(search -> results.keep(search.result())).toList();
            }
        });
    }

    private void run(List<KrylovSearch> all) {
        List<KrylovSearch> open = all.stream().filter(KrylovSearch::begin).toList();
        multiply(open, search -> Product.of(search.block(), Operand.of(search.matrix()), Operand.of(search.random())));
        while (!open.isEmpty()) {
            extend(open);
            List<KrylovSearch> due = open.stream().filter(KrylovSearch::isDue).toList();
            if (!due.isEmpty()) {
                decompose(due);
            }
            open = open.stream().filter(search -> !search.hasEnded()).toList();
        }
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
        try (ResourceScope scope = new ResourceScope()) {
            List<Product> coefficients = new ArrayList<>();
            List<Product> removals = new ArrayList<>();
            for (KrylovSearch search : open) {
                Matrix vectors = scope.keep(search.vectors());
                Matrix block = search.block();
                Matrix inside = scope.keep(kernels.uninitialized(vectors.rows(), block.cols(), ElementType.F64));
                coefficients.add(Product.of(inside, Operand.of(vectors), Operand.of(block)));
                removals.add(new Product(block, -1, Operand.transposed(vectors), Operand.of(inside), 1));
            }
            kernels.multiply(coefficients);
            kernels.multiply(removals);
        }
    }

    private void multiply(List<KrylovSearch> searches, Function<KrylovSearch, Product> product) {
        kernels.multiply(searches.stream().map(product).toList());
    }

    /** Decomposes VᵀAV. Ends the searches that found their pairs, and those that are to be given up. */
    private void decompose(List<KrylovSearch> due) {
        try (ResourceScope scope = new ResourceScope()) {
            List<Matrix> squares = new ArrayList<>();
            multiply(due, search -> {
                int count = search.count();
                squares.add(scope.keep(kernels.uninitialized(count, count, ElementType.F64)));
                return Product.of(
                        squares.get(squares.size() - 1),
                        Operand.of(scope.keep(search.vectors())),
                        Operand.transposed(scope.keep(search.images())));
            });
            List<Eigen> eigens = scope.keep(kernels.eigh(squares));
            List<double[]> values =
                    kernels.toHost(eigens.stream().map(Eigen::values).toList());
            List<KrylovSearch> reached = new ArrayList<>();
            for (int i = 0; i < due.size(); i++) {
                if (due.get(i).reaches(values.get(i), eigens.get(i), scope)) {
                    reached.add(due.get(i));
                }
            }
            if (!reached.isEmpty()) {
                take(reached, scope);
            }
        }
    }

    /** Y = VS and the residual AY − YΘ of the pairs that reach the energy. */
    private void take(List<KrylovSearch> reached, ResourceScope scope) {
        multiply(
                reached,
                search -> Product.of(
                        search.found(),
                        Operand.transposed(scope.keep(search.vectors())),
                        Operand.of(search.coordinates())));
        multiply(
                reached,
                search -> Product.of(
                        search.residual(),
                        Operand.transposed(scope.keep(search.images())),
                        Operand.of(search.coordinates())));
        multiply(
                reached,
                search -> new Product(
                        search.residual(), -1, Operand.of(search.found()), Operand.of(search.diagonal()), 1));
        double[] norms =
                kernels.norms(reached.stream().map(KrylovSearch::residual).toList());
        for (int i = 0; i < norms.length; i++) {
            reached.get(i).judge(norms[i]);
        }
    }
}
