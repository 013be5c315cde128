package org.keeplora.method.internal;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.NonFiniteInput;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.EnergyRank;
import org.keeplora.engine.internal.Factors;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Projector.Part;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.engine.internal.Spectrum;
import org.keeplora.method.CumulativeEnergy;
import org.keeplora.method.Growth;
import org.keeplora.method.internal.PrincipalSubspace.Extension;

/**
 * Growth of a batch of subspaces, all of them or none (paper, section on the feature subspace).
 *
 * <p>If only the rank is asked for, {@link LeadingDirections} looks for the few directions to add. The others are
 * decomposed wholly, in coordinates of a float64 basis Z [in x (in−k)] of what is not protected yet. Z is the
 * complement of the stored M, or the stored Q with its float32 rounding removed. Either way the new directions are
 * orthogonal to the stored ones up to one rounding, however often a subspace has grown.
 */
final class SubspaceGrowth {
    /**
     * An eigenvalue may be this far below 0, as a part of the largest entry. The roundings of a moment that was summed
     * in float32 stay below it (6e-8 each, over many rows); mistakes do not.
     */
    private static final double ROUNDED = 1e-4;

    private static final double NEARLY_HALF = 7 / 16.0;
    /** Narrower inputs are decomposed sooner than looked at (benchmarks/EXPERIMENTS.md, 24). */
    private static final int NARROW = 32;

    private final BatchLinalg linalg;
    private final Map<Extension, Double> shares;
    /** Largest magnitude of an element of every moment. */
    private final Map<Matrix, Double> largest;

    private final Growth.Detail detail;

    /** @param linalg trusting, as the moments have been checked and all else is computed from them */
    private SubspaceGrowth(
            BatchLinalg linalg, Map<Extension, Double> shares, Map<Matrix, Double> largest, Growth.Detail detail) {
        this.linalg = linalg;
        this.shares = shares;
        this.largest = largest;
        this.detail = detail;
    }

    /** As {@link PrincipalSubspace#extend}. */
    static List<Growth> extend(
            BatchLinalg linalg, List<Extension> batch, IntToDoubleFunction share, Growth.Detail detail) {
        requireDistinct(batch);
        Map<Extension, Double> shares = new LinkedHashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            EnergyShare.require("PrincipalSubspace.extend", share.applyAsDouble(i));
            shares.put(batch.get(i), share.applyAsDouble(i));
        }
        return new SubspaceGrowth(linalg.trusting(), shares, largestEntries(linalg, batch), detail).extend();
    }

    private static void requireDistinct(List<Extension> batch) {
        Set<PrincipalSubspace> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < batch.size(); i++) {
            PrincipalSubspace subspace = batch.get(i).subspace();
            if (!seen.add(subspace)) {
                throw new IllegalArgumentException("PrincipalSubspace.extend: the subspace of extension " + i
                        + " (input width " + subspace.in()
                        + ") is in the batch twice; each may grow once, by the sum of its moments");
            }
        }
    }

    /**
     * C in coordinates of orthonormal columns.
     *
     * @param z Z [in x m]; empty for Z = I
     * @param moment ZᵀCZ [m x m], symmetric up to rounding
     */
    record Inside(Optional<Matrix> z, Matrix moment) {}

    /**
     * How a subspace grows, and by what directions V = [V₁ V₂], V₁ to add.
     *
     * @param z in whose coordinates the vectors are; empty if they are directions themselves
     * @param vectors V, orthonormal columns
     * @param all whether the vectors span all that is not protected
     */
    record Solution(Growth growth, Optional<Matrix> z, Matrix vectors, boolean all) {
        int added() {
            return growth.rankAfter() - growth.rankBefore();
        }
    }

    private List<Growth> extend() {
        List<Extension> batch = List.copyOf(shares.keySet());
        try (ResourceScope scope = new ResourceScope()) {
            Map<Extension, Inside> inside = new LinkedHashMap<>();
            batch.stream()
                    .filter(extension -> extension.subspace().rank() == 0)
                    .forEach(extension -> inside.put(extension, new Inside(Optional.empty(), extension.moment())));
            inside.putAll(inCoordinates(storedComplements(batch, scope), scope));
            Map<Extension, Solution> solutions = new LinkedHashMap<>();
            if (detail == Growth.Detail.RANK) {
                Map<Extension, Double> wide = new LinkedHashMap<>(shares);
                wide.keySet().removeIf(extension -> extension.subspace().in() < NARROW);
                inside.putAll(inCoordinates(complements(nearHalf(wide.keySet()), scope), scope));
                solutions.putAll(new LeadingDirections(linalg, scope).of(wide, inside, largest));
            }
            List<Extension> others = without(solutions, batch);
            inside.putAll(inCoordinates(complements(without(inside, others), scope), scope));
            inside.keySet().retainAll(others);
            solutions.putAll(decomposed(inside, scope));
            GrownBasis.of(linalg, solutions).forEach(GrownBasis::takePlace);
            return batch.stream()
                    .map(extension -> solutions.get(extension).growth())
                    .toList();
        }
    }

    /**
     * The extensions whose M is nearly half as wide as the input. A few directions more, and Q is stored: it is needed
     * anyway then.
     */
    private static List<Extension> nearHalf(Collection<Extension> batch) {
        return storing(Part.OUTSIDE_SPAN, batch).stream()
                .filter(extension -> extension.subspace().rank()
                        > NEARLY_HALF * extension.subspace().in())
                .toList();
    }

    private static List<Extension> without(Map<Extension, ?> some, List<Extension> batch) {
        return batch.stream().filter(extension -> !some.containsKey(extension)).toList();
    }

    /** Largest magnitude of an entry of every moment, which must be finite and symmetric. */
    private static Map<Matrix, Double> largestEntries(BatchLinalg linalg, List<Extension> batch) {
        List<Matrix> moments = batch.stream().map(Extension::moment).distinct().toList();
        try {
            double[] largest = linalg.requireSymmetric("PrincipalSubspace.extend: moment", moments);
            Map<Matrix, Double> byMoment = new LinkedHashMap<>();
            IntStream.range(0, largest.length).forEach(i -> byMoment.put(moments.get(i), largest[i]));
            return byMoment;
        } catch (NonFiniteInput e) {
            throw new IllegalArgumentException("PrincipalSubspace.extend: moments: " + e.getMessage(), e);
        }
    }

    /** Z of the subspaces that store Q. */
    private Map<Extension, Matrix> storedComplements(List<Extension> batch, ResourceScope results) {
        Map<Extension, Matrix> stored = widened(linalg, storing(Part.INSIDE_SPAN, batch), results);
        linalg.orthonormalize(List.copyOf(stored.values()));
        return stored;
    }

    /** Z of the subspaces that store M. */
    private Map<Extension, Matrix> complements(List<Extension> batch, ResourceScope results) {
        try (ResourceScope scope = new ResourceScope()) {
            Map<Extension, Matrix> stored = widened(linalg, storing(Part.OUTSIDE_SPAN, batch), scope);
            return byExtension(stored.keySet(), results.keep(linalg.complement(List.copyOf(stored.values()))));
        }
    }

    /** The extensions whose subspace protects something and stores {@code part}. */
    static List<Extension> storing(Part part, Collection<Extension> batch) {
        return batch.stream()
                .filter(extension -> extension.subspace().rank() > 0
                        && extension.subspace().projector().kept() == part)
                .toList();
    }

    /** The stored bases in float64. */
    static Map<Extension, Matrix> widened(BatchLinalg linalg, List<Extension> batch, ResourceScope results) {
        List<Matrix> stored = batch.stream()
                .map(extension -> extension.subspace().projector().basis())
                .toList();
        return byExtension(batch, results.keep(linalg.convert(stored, ElementType.F64)));
    }

    /** The matrix of every extension, in their order. */
    static Map<Extension, Matrix> byExtension(Collection<Extension> batch, List<Matrix> matrices) {
        Map<Extension, Matrix> byExtension = new LinkedHashMap<>();
        batch.forEach(extension -> byExtension.put(extension, matrices.get(byExtension.size())));
        return byExtension;
    }

    private Map<Extension, Inside> inCoordinates(Map<Extension, Matrix> free, ResourceScope results) {
        Map<Extension, Inside> inside = new LinkedHashMap<>();
        try (ResourceScope scope = new ResourceScope()) {
            List<Matrix> images = scope.keep(linalg.products(free.entrySet().stream()
                    .map(its -> new Factors(Operand.of(its.getKey().moment()), Operand.of(its.getValue())))
                    .toList()));
            List<Matrix> bases = List.copyOf(free.values());
            List<Matrix> products = results.keep(linalg.products(IntStream.range(0, bases.size())
                    .mapToObj(i -> new Factors(Operand.transposed(bases.get(i)), Operand.of(images.get(i))))
                    .toList()));
            free.forEach(
                    (extension, z) -> inside.put(extension, new Inside(Optional.of(z), products.get(inside.size()))));
        }
        return inside;
    }

    /** The solutions by all eigenpairs of ZᵀCZ. */
    private Map<Extension, Solution> decomposed(Map<Extension, Inside> inside, ResourceScope scope) {
        List<Extension> batch = List.copyOf(inside.keySet());
        List<Eigen> eigens = scope.keep(
                linalg.eigh(inside.values().stream().map(Inside::moment).toList()));
        List<double[]> values = linalg.toHost(eigens.stream().map(Eigen::values).toList());
        requireNotNegative(batch, values);
        List<EnergyRank> added = linalg.energyRanks(IntStream.range(0, batch.size())
                .mapToObj(i -> Spectrum.leftOf(
                        eigens.get(i).values(),
                        shares.get(batch.get(i)),
                        batch.get(i).moment()))
                .toList());
        Map<Extension, Solution> solutions = new LinkedHashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            Eigen eigen = eigens.get(i);
            Growth growth = growth(batch.get(i), added.get(i), values.get(i));
            solutions.put(
                    batch.get(i), new Solution(growth, inside.get(batch.get(i)).z(), eigen.vectors(), true));
        }
        return solutions;
    }

    private Growth growth(Extension extension, EnergyRank more, double[] values) {
        int rank = extension.subspace().rank();
        Optional<CumulativeEnergy> energy = detail == Growth.Detail.RANK
                ? Optional.empty()
                : Optional.of(new CumulativeEnergy(rank, more.coveredBefore(), values));
        return new Growth(rank, rank + more.rank(), more.coveredBefore(), more.coveredAfter(), energy);
    }

    private void requireNotNegative(List<Extension> batch, List<double[]> eigenvalues) {
        for (int i = 0; i < batch.size(); i++) {
            double[] values = eigenvalues.get(i);
            double entry = largest.get(batch.get(i).moment());
            if (values.length > 0 && values[values.length - 1] < -ROUNDED * entry) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "PrincipalSubspace.extend: moment of input width %d has the eigenvalue %.3g and the largest entry"
                                + " %.3g; a second moment Σ xᵀx has no eigenvalue below 0",
                        batch.get(i).subspace().in(),
                        values[values.length - 1],
                        entry));
            }
        }
    }
}
