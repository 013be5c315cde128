package org.keeplora.method.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.Factors;
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
        List<Matrix> bases =
                List.copyOf(SubspaceGrowth.widened(linalg, batch, scope).values());
        linalg.orthonormalize(bases);
        List<Matrix> images =
                products(batch.size(), i -> new Factors(Operand.of(batch.get(i).moment()), Operand.of(bases.get(i))));
        try (ResourceScope views = new ResourceScope()) {
            // the sum over all elements of M and CM, each as one row
            List<Matrix> covered = products(
                    batch.size(),
                    i -> new Factors(
                            Operand.of(views.keep(inOneRow(bases.get(i)))),
                            Operand.transposed(views.keep(inOneRow(images.get(i))))));
            Map<Extension, Stored> stored = new LinkedHashMap<>();
            for (int i = 0; i < batch.size(); i++) {
                stored.put(batch.get(i), new Stored(bases.get(i), images.get(i), covered.get(i)));
            }
            return stored;
        }
    }

    /** Kept in the scope. */
    private List<Matrix> products(int number, IntFunction<Factors> factors) {
        return scope.keep(
                linalg.products(IntStream.range(0, number).mapToObj(factors).toList()));
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
        List<Extension> batch = List.copyOf(stored.keySet());
        List<Stored> all = List.copyOf(stored.values());
        List<Matrix> moments =
                scope.keep(linalg.convert(batch.stream().map(Extension::moment).toList(), ElementType.F64));
        List<Matrix> squares =
                products(all.size(), i -> new Factors(Operand.transposed(all.get(i).m), Operand.of(all.get(i).image)));
        multiply(
                all.size(),
                i -> new Product(all.get(i).image, -0.5, Operand.of(all.get(i).m), Operand.of(squares.get(i)), 1));
        multiply(
                all.size(),
                i -> new Product(
                        moments.get(i), -1, Operand.of(all.get(i).m), Operand.transposed(all.get(i).image), 0.5));
        linalg.addTransposes(moments);
        Map<Extension, Inside> inside = new LinkedHashMap<>();
        SubspaceGrowth.byExtension(batch, moments)
                .forEach((extension, moment) -> inside.put(extension, new Inside(Optional.empty(), moment)));
        return inside;
    }

    private void multiply(int number, IntFunction<Product> product) {
        linalg.multiply(IntStream.range(0, number).mapToObj(product).toList());
    }
}
