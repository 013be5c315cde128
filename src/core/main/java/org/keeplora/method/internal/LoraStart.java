package org.keeplora.method.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.LowRankFactors;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.Projector.Part;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.method.Switches;

/**
 * The start of the adapter of one site: A spans the r leading left directions of the projected gradient R, and A·B is
 * R's best rank-r approximation (paper, section on the gradient-informed start).
 *
 * @param subspace the protected directions, orthogonal to the adapter
 * @param gradient [in x out] float32, projected or not; the factors always belong to its projection
 * @param seed of the random sketch
 */
public record LoraStart(PrincipalSubspace subspace, Matrix gradient, long seed) {
    private static final int SKETCH_PER_RANK = 4;
    private static final int POWER_ITERATIONS = 4;
    /** Largest entry of MᵀA that is accepted; about ten roundings in float32. */
    private static final double LARGEST_OVERLAP = 1e-6;

    public LoraStart {
        Objects.requireNonNull(subspace, "LoraStart: subspace is null");
        Objects.requireNonNull(gradient, "LoraStart: gradient is null");
        if (gradient.rows() != subspace.in()) {
            throw new IllegalArgumentException(
                    "LoraStart: gradient is " + gradient + " but the subspace has input width " + subspace.in()
                            + "; the gradient's rows must be equal to it");
        }
    }

    /**
     * The factors of every site, in the order of the batch; the caller closes them.
     *
     * <p>A site with fewer than {@code rank} free directions (in − k, or out) gets a smaller rank. A is orthonormal and
     * outside the protected subspace for every gradient, even zero.
     *
     * @param rank r
     */
    public static List<LoraFactors> factors(
            BatchLinalg linalg, List<LoraStart> batch, int rank, Switches.StartB startB) {
        if (rank < 0) {
            throw new IllegalArgumentException("LoraStart.factors: rank is " + rank + "; it must be at least 0");
        }
        Objects.requireNonNull(startB, "LoraStart.factors: startB is null");
        List<LowRank> problems = new ArrayList<>();
        for (LoraStart start : batch) {
            int r = Math.min(rank, start.freeDirections());
            problems.add(new LowRank(
                    Optional.of(start.subspace.projector()),
                    start.gradient,
                    r,
                    SKETCH_PER_RANK * r,
                    POWER_ITERATIONS,
                    start.seed));
        }
        List<LowRankFactors> leading = linalg.lowRank(problems);
        try {
            keepOutside(linalg, batch, leading);
            return factors(linalg, leading, startB);
        } catch (RuntimeException | Error e) {
            leading.forEach(LowRankFactors::close);
            throw e;
        }
    }

    private int freeDirections() {
        return Math.min(gradient.cols(), subspace.in() - subspace.rank());
    }

    /** Takes the factors over. */
    private static List<LoraFactors> factors(BatchLinalg linalg, List<LowRankFactors> leading, Switches.StartB startB) {
        if (startB == Switches.StartB.GRADIENT) {
            return leading.stream()
                    .map(factors -> new LoraFactors(factors.left(), factors.right()))
                    .toList();
        }
        List<Matrix> zeros = ResourceScope.handOver(made -> leading.stream()
                .map(LowRankFactors::right)
                .map(b -> made.keep(linalg.zeros(b.rows(), b.cols(), ElementType.F32)))
                .toList());
        leading.forEach(factors -> factors.right().close());
        return IntStream.range(0, zeros.size())
                .mapToObj(i -> new LoraFactors(leading.get(i).left(), zeros.get(i)))
                .toList();
    }

    /**
     * Rebuilds each A with ‖MᵀA‖_max above {@link #LARGEST_OVERLAP}. Where Q is stored, rebuilding costs no more than
     * finding the overlap, so every A is rebuilt.
     */
    private static void keepOutside(BatchLinalg linalg, List<LoraStart> batch, List<LowRankFactors> factors) {
        List<Product> overlaps = new ArrayList<>();
        List<Rebuild> rebuilds = new ArrayList<>();
        try (ResourceScope scope = new ResourceScope()) {
            for (int i = 0; i < batch.size(); i++) {
                Projector projector = batch.get(i).subspace.projector();
                Matrix a = factors.get(i).left();
                if (projector.kept() == Part.INSIDE_SPAN) {
                    rebuilds.add(new Rebuild(projector.basis(), a));
                } else {
                    Matrix overlap = scope.keep(linalg.zeros(projector.basis().cols(), a.cols(), ElementType.F32));
                    overlaps.add(Product.of(overlap, Operand.transposed(projector.basis()), Operand.of(a)));
                }
            }
            linalg.multiply(overlaps);
            double[] largest = linalg.largestMagnitudes(
                    overlaps.stream().map(Product::target).toList());
            for (int i = 0; i < largest.length; i++) {
                if (largest[i] > LARGEST_OVERLAP) {
                    Product overlap = overlaps.get(i);
                    Matrix q =
                            linalg.complement(List.of(overlap.left().matrix())).get(0);
                    rebuilds.add(new Rebuild(scope.keep(q), overlap.right().matrix()));
                }
            }
            rebuild(linalg, rebuilds);
        }
    }

    /**
     * An A [in x r] to be moved into the complement.
     *
     * @param q Q [in x (in−k)] float32
     */
    private record Rebuild(Matrix q, Matrix a) {}

    /**
     * A ← Q·orth(QᵀA): the part of A in the complement. Needed if R has fewer than r directions, because the rest of A
     * is then arbitrary. No column changes its sign, so B stays valid.
     */
    private static void rebuild(BatchLinalg linalg, List<Rebuild> batch) {
        List<Product> inside = new ArrayList<>();
        List<Product> back = new ArrayList<>();
        try (ResourceScope scope = new ResourceScope()) {
            for (Rebuild rebuild : batch) {
                Matrix coordinates = scope.keep(linalg.zeros(rebuild.q.cols(), rebuild.a.cols(), ElementType.F32));
                inside.add(Product.of(coordinates, Operand.transposed(rebuild.q), Operand.of(rebuild.a)));
                back.add(Product.of(rebuild.a, Operand.of(rebuild.q), Operand.of(coordinates)));
            }
            linalg.multiply(inside);
            linalg.orthonormalize(inside.stream().map(Product::target).toList());
            linalg.multiply(back);
        }
    }
}
