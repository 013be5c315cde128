package org.keeplora.method.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.LeadingEigen;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.method.Growth;
import org.keeplora.method.internal.PrincipalSubspace.Extension;
import org.keeplora.method.internal.SubspaceGrowth.Inside;
import org.keeplora.method.internal.SubspaceGrowth.Solution;

/**
 * Growth by the few directions that are added, without a decomposition of all others.
 *
 * <p>What is covered comes from traces: tr(C') = tr(ZᵀCZ) = tr(C) − tr(MᵀCM). Where M is stored and the subspace grows,
 * C' = C − MBᵀ − BMᵀ is formed, with B = CM − M(MᵀCM)/2.
 */
final class LeadingDirections {
    /** Rounding of a trace, and of the entries of a moment beside it. */
    private static final double ROUNDED = 1e-9;
    /**
     * Real features leave a flat spectrum: this part of it takes more than a third of its directions, and the full
     * solver is faster (benchmarks/EXPERIMENTS.md, 24).
     */
    private static final double MUCH = 0.8;

    private final BatchLinalg linalg;
    private final ResourceScope scope;

    /** @param scope keeps the matrices of the solutions */
    LeadingDirections(BatchLinalg linalg, ResourceScope scope) {
        this.linalg = linalg;
        this.scope = scope;
    }

    /**
     * A stored M in float64, and what its projections need.
     *
     * @param image CM
     * @param covered tr(MᵀCM) [1 x 1]
     */
    private record Stored(Matrix m, Matrix image, Matrix covered) {}

    /**
     * A subspace and the energies of its moment.
     *
     * @param largest magnitude of an element of C
     * @param total tr(C)
     * @param left tr(C')
     */
    private record Site(Extension extension, double share, double largest, double total, double left) {
        /** Whether a second moment can have these energies. The full solver says what is wrong with one that cannot. */
        boolean isPossible() {
            return left >= -ROUNDED * total && largest <= (1 + ROUNDED) * total;
        }

        double covered() {
            return total == 0 ? 1 : Math.min(1, Math.max(0, total - left) / total);
        }

        boolean isCovered() {
            return covered() >= share;
        }

        /** Whether so much of what is left is missing that it takes many directions, as for a first task. */
        boolean asksForMuch() {
            return missing() > MUCH * left;
        }

        double missing() {
            return (share - covered()) * total;
        }

        Solution solution(Optional<Matrix> z, Matrix vectors, double added) {
            int rank = extension.subspace().rank();
            double after = Math.min(1, covered() + (total == 0 ? 0 : added / total));
            Growth growth = new Growth(rank, rank + vectors.cols(), covered(), after, Optional.empty());
            return new Solution(growth, z, vectors, false);
        }
    }

    /**
     * The solutions of the subspaces that need not grow, or grow by few directions.
     *
     * @param shares of all extensions
     * @param inside of those that are to be solved in coordinates; the others store M
     * @param largest magnitude of an element of each moment
     */
    Map<Extension, Solution> of(
            Map<Extension, Double> shares, Map<Extension, Inside> inside, Map<Matrix, Double> largest) {
        Map<Extension, Stored> stored = stored(shares.keySet().stream()
                .filter(extension -> !inside.containsKey(extension))
                .toList());
        Map<Extension, Solution> solutions = new LinkedHashMap<>();
        List<Site> growing = new ArrayList<>();
        for (Site site : sites(shares, inside, stored, largest)) {
            if (site.isPossible() && site.isCovered()) {
                Matrix none = scope.keep(linalg.zeros(site.extension.subspace().in(), 0, ElementType.F64));
                solutions.put(site.extension, site.solution(Optional.empty(), none, 0));
            } else if (site.isPossible() && !site.asksForMuch() && site.missing() > 0) {
                growing.add(site);
            }
        }
        Map<Extension, Inside> problems = new LinkedHashMap<>(inside);
        stored.keySet().retainAll(growing.stream().map(Site::extension).toList());
        problems.putAll(deflated(stored));
        List<Eigen> found = scope.keep(linalg.leadingEigh(growing.stream()
                .map(site -> new LeadingEigen(problems.get(site.extension).moment(), site.missing()))
                .toList()));
        List<double[]> energies =
                linalg.toHost(found.stream().map(Eigen::values).toList());
        for (int i = 0; i < found.size(); i++) {
            Site site = growing.get(i);
            if (energies.get(i).length > 0) {
                Optional<Matrix> z = problems.get(site.extension).z();
                double added = Arrays.stream(energies.get(i)).sum();
                solutions.put(site.extension, site.solution(z, found.get(i).vectors(), added));
            }
        }
        return solutions;
    }

    /** M of each, with CM and the energy in its span. */
    private Map<Extension, Stored> stored(List<Extension> batch) {
        Map<Extension, Matrix> bases = SubspaceGrowth.widened(linalg, batch, scope);
        linalg.orthonormalize(List.copyOf(bases.values()));
        Map<Extension, Stored> stored = new LinkedHashMap<>();
        bases.forEach((extension, m) -> stored.put(
                extension,
                new Stored(
                        m,
                        scope.keep(linalg.zeros(m.rows(), m.cols(), ElementType.F64)),
                        scope.keep(linalg.zeros(1, 1, ElementType.F64)))));
        multiply(stored, (extension, its) -> Product.of(its.image, Operand.of(extension.moment()), Operand.of(its.m)));
        try (ResourceScope views = new ResourceScope()) {
            // the sum over all elements of M and CM, each as one row
            multiply(
                    stored,
                    (extension, its) -> Product.of(
                            its.covered,
                            Operand.of(views.keep(inOneRow(its.m))),
                            Operand.transposed(views.keep(inOneRow(its.image)))));
        }
        return stored;
    }

    private void multiply(Map<Extension, Stored> all, BiFunction<Extension, Stored, Product> product) {
        List<Product> products = new ArrayList<>();
        all.forEach((extension, its) -> products.add(product.apply(extension, its)));
        linalg.multiply(products);
    }

    private Matrix inOneRow(Matrix matrix) {
        return linalg.reshaped(matrix, 1, Math.multiplyExact(matrix.rows(), matrix.cols()));
    }

    private List<Site> sites(
            Map<Extension, Double> shares,
            Map<Extension, Inside> inside,
            Map<Extension, Stored> stored,
            Map<Matrix, Double> largest) {
        List<Extension> batch = List.copyOf(shares.keySet());
        List<Matrix> squares = new ArrayList<>();
        batch.forEach(extension -> squares.add(extension.moment()));
        batch.forEach(extension -> squares.add(
                stored.containsKey(extension)
                        ? stored.get(extension).covered
                        : inside.get(extension).moment()));
        double[] traces = linalg.traces(squares);
        List<Site> sites = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            Extension extension = batch.get(i);
            double total = traces[i];
            double part = traces[batch.size() + i];
            double left = stored.containsKey(extension) ? total - part : part;
            sites.add(new Site(extension, shares.get(extension), largest.get(extension.moment()), total, left));
        }
        return sites;
    }

    /** C' of each; the images are overwritten. */
    private Map<Extension, Inside> deflated(Map<Extension, Stored> stored) {
        Map<Extension, Matrix> squares = new LinkedHashMap<>();
        Map<Extension, Inside> all = new LinkedHashMap<>();
        try (ResourceScope products = new ResourceScope()) {
            stored.forEach((extension, its) -> {
                squares.put(extension, products.keep(linalg.zeros(its.m.cols(), its.m.cols(), ElementType.F64)));
                Matrix copy = scope.keep(linalg.convert(extension.moment(), ElementType.F64));
                all.put(extension, new Inside(Optional.empty(), copy));
            });
            multiply(
                    stored,
                    (extension, its) ->
                            Product.of(squares.get(extension), Operand.transposed(its.m), Operand.of(its.image)));
            multiply(
                    stored,
                    (extension, its) ->
                            new Product(its.image, -0.5, Operand.of(its.m), Operand.of(squares.get(extension)), 1));
            multiply(
                    stored,
                    (extension, its) -> new Product(
                            all.get(extension).moment(), -1, Operand.of(its.m), Operand.transposed(its.image), 0.5));
        }
        addTransposes(all.values().stream().map(Inside::moment).toList());
        return all;
    }

    /** Each square ← square + squareᵀ. */
    private void addTransposes(List<Matrix> squares) {
        try (ResourceScope transposes = new ResourceScope()) {
            linalg.add(squares.stream()
                    .map(square -> new Addition(square, 1, transposes.keep(linalg.transpose(square))))
                    .toList());
        }
    }
}
