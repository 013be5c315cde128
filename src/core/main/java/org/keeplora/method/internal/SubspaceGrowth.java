package org.keeplora.method.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.NonFiniteInput;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.EnergyRank;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.Projector.Part;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.engine.internal.Spectrum;
import org.keeplora.method.CumulativeEnergy;
import org.keeplora.method.Growth;
import org.keeplora.method.internal.PrincipalSubspace.Extension;

/**
 * Growth of a batch of subspaces, all of them or none (paper, section on the feature subspace).
 *
 * <p>The eigenproblem is solved in coordinates of a float64 basis Z [in x (in−k)] of what is not protected yet. Z is
 * the complement of the stored M, or the stored Q with its float32 rounding removed. So the new directions are
 * orthogonal to the stored ones up to one rounding, however often a subspace has grown.
 */
final class SubspaceGrowth {
    /**
     * An eigenvalue may be this far below 0, as a part of the largest entry. The roundings of a moment that was summed
     * in float32 stay below it (6e-8 each, over many rows); mistakes do not.
     */
    private static final double ROUNDED = 1e-4;

    private final BatchLinalg linalg;
    private final List<Extension> batch;

    private SubspaceGrowth(BatchLinalg linalg, List<Extension> batch) {
        this.linalg = linalg;
        this.batch = batch;
    }

    /** As {@link PrincipalSubspace#extend}. */
    static List<Growth> extend(BatchLinalg linalg, List<Extension> batch, IntToDoubleFunction share) {
        IntStream.range(0, batch.size())
                .forEach(i -> EnergyShare.require("PrincipalSubspace.extend", share.applyAsDouble(i)));
        SubspaceGrowth growth = new SubspaceGrowth(linalg, List.copyOf(batch));
        growth.requireDistinct();
        return growth.extend(share);
    }

    private void requireDistinct() {
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

    private List<Growth> extend(IntToDoubleFunction share) {
        Map<Matrix, Double> largest = largestEntries();
        try (ResourceScope scope = new ResourceScope()) {
            Map<Extension, Matrix> free = freeDirections(scope);
            List<Eigen> eigens = scope.keep(linalg.eigh(inCoordinates(free, scope)));
            requireNotNegative(eigens, largest);
            List<Growth> growths = growths(eigens, share);
            grown(free, eigens, growths).forEach(Grown::takePlace);
            return growths;
        }
    }

    /** Largest magnitude of an entry of every moment, which must be finite and symmetric. */
    private Map<Matrix, Double> largestEntries() {
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

    private void requireNotNegative(List<Eigen> eigens, Map<Matrix, Double> largest) {
        for (int i = 0; i < batch.size(); i++) {
            double[] values = eigens.get(i).values().toDoubles();
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

    /** Z of every subspace, float64, kept in {@code results}; none for a subspace that protects nothing: Z = I. */
    private Map<Extension, Matrix> freeDirections(ResourceScope results) {
        Map<Extension, Matrix> free = new LinkedHashMap<>();
        List<Extension> withM = protecting(Part.OUTSIDE_SPAN);
        try (ResourceScope scope = new ResourceScope()) {
            List<Matrix> complements = results.keep(linalg.complement(widened(withM, scope)));
            IntStream.range(0, withM.size()).forEach(i -> free.put(withM.get(i), complements.get(i)));
        }
        List<Extension> withQ = protecting(Part.INSIDE_SPAN);
        List<Matrix> complements = widened(withQ, results);
        linalg.orthonormalize(complements);
        IntStream.range(0, withQ.size()).forEach(i -> free.put(withQ.get(i), complements.get(i)));
        return free;
    }

    private List<Extension> protecting(Part stored) {
        return batch.stream()
                .filter(extension -> extension.subspace().rank() > 0
                        && extension.subspace().projector().kept() == stored)
                .toList();
    }

    private List<Matrix> widened(List<Extension> extensions, ResourceScope scope) {
        return extensions.stream()
                .map(extension -> scope.keep(
                        linalg.convert(extension.subspace().projector().basis(), ElementType.F64)))
                .toList();
    }

    /** ZᵀCZ [(in−k) x (in−k)] of every site, symmetric to the bit; C itself if Z = I. The products are in the scope. */
    private List<Matrix> inCoordinates(Map<Extension, Matrix> free, ResourceScope results) {
        Map<Extension, Matrix> inside = new LinkedHashMap<>();
        List<Product> halves = new ArrayList<>();
        List<Product> products = new ArrayList<>();
        try (ResourceScope scope = new ResourceScope()) {
            free.forEach((extension, z) -> {
                Matrix half = scope.keep(linalg.zeros(z.rows(), z.cols(), ElementType.F64));
                Matrix product = results.keep(linalg.zeros(z.cols(), z.cols(), ElementType.F64));
                halves.add(new Product(half, 0.5, Operand.of(extension.moment()), Operand.of(z), 0));
                products.add(Product.of(product, Operand.transposed(z), Operand.of(half)));
                inside.put(extension, product);
            });
            linalg.multiply(halves);
            linalg.multiply(products);
        }
        inside.values().forEach(this::addTranspose);
        return batch.stream()
                .map(extension -> inside.getOrDefault(extension, extension.moment()))
                .toList();
    }

    private void addTranspose(Matrix square) {
        try (Matrix transposed = linalg.transpose(square)) {
            linalg.add(List.of(new Addition(square, 1, transposed)));
        }
    }

    /** The growth of each subspace from these eigenvalues of ZᵀCZ. */
    private List<Growth> growths(List<Eigen> eigens, IntToDoubleFunction share) {
        List<EnergyRank> added = linalg.energyRanks(IntStream.range(0, batch.size())
                .mapToObj(i -> Spectrum.leftOf(
                        eigens.get(i).values(),
                        share.applyAsDouble(i),
                        batch.get(i).moment()))
                .toList());
        List<Growth> growths = new ArrayList<>();
        for (int i = 0; i < added.size(); i++) {
            EnergyRank more = added.get(i);
            int rank = batch.get(i).subspace().rank();
            CumulativeEnergy energy = new CumulativeEnergy(
                    rank, more.coveredBefore(), eigens.get(i).values().toDoubles());
            growths.add(new Growth(rank, rank + more.rank(), more.coveredBefore(), more.coveredAfter(), energy));
        }
        return growths;
    }

    /**
     * What a subspace stores after it has grown.
     *
     * @param kept whether M or Q is stored then
     * @param columns float64: those to append to M, or all of Q
     */
    private record Next(PrincipalSubspace subspace, Part kept, Matrix columns) {
        Grown stored(BatchLinalg linalg) {
            if (kept == Part.INSIDE_SPAN || subspace.rank() == 0) {
                return new Grown(subspace, new Projector(linalg.convert(columns, ElementType.F32), kept));
            }
            try (Matrix added = linalg.convert(columns, ElementType.F32)) {
                Matrix m = linalg.concatColumns(subspace.projector().basis(), added);
                return new Grown(subspace, Projector.outOf(m));
            }
        }
    }

    /** A subspace and its new state, which belongs to the subspace once it has taken its place. */
    private record Grown(PrincipalSubspace subspace, Projector state) implements AutoCloseable {
        void takePlace() {
            subspace.become(state);
        }

        @Override
        public void close() {
            state.basis().close();
        }
    }

    /** The new states of the subspaces that grow: [M Z·V₁] or Z·V₂, where V = [V₁ V₂] are the eigenvectors. */
    private List<Grown> grown(Map<Extension, Matrix> free, List<Eigen> eigens, List<Growth> growths) {
        List<Next> all = new ArrayList<>();
        List<Product> products = new ArrayList<>();
        try (ResourceScope scope = new ResourceScope()) {
            for (int i = 0; i < batch.size(); i++) {
                Extension extension = batch.get(i);
                int rank = growths.get(i).rankAfter();
                int added = rank - growths.get(i).rankBefore();
                if (added > 0) {
                    int in = extension.subspace().in();
                    boolean storesM = PrincipalSubspace.isNarrower(rank, in);
                    Matrix vectors = eigens.get(i).vectors();
                    Matrix columns = scope.keep(
                            storesM
                                    ? linalg.columns(vectors, 0, added)
                                    : linalg.columns(vectors, added, vectors.cols() - added));
                    if (free.containsKey(extension)) {
                        Operand z = Operand.of(free.get(extension));
                        Operand coordinates = Operand.of(columns);
                        columns = scope.keep(linalg.zeros(in, columns.cols(), ElementType.F64));
                        products.add(Product.of(columns, z, coordinates));
                    }
                    all.add(new Next(extension.subspace(), storesM ? Part.OUTSIDE_SPAN : Part.INSIDE_SPAN, columns));
                }
            }
            linalg.multiply(products);
            return ResourceScope.handOver(made ->
                    all.stream().map(next -> made.keep(next.stored(linalg))).toList());
        }
    }
}
