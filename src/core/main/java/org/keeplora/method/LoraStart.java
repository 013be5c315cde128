package org.keeplora.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.LowRank;
import org.keeplora.engine.LowRankFactors;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Operand;
import org.keeplora.engine.Product;
import org.keeplora.engine.Projector;
import org.keeplora.engine.Scope;

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
    public static List<LoraFactors> factors(Linalg linalg, List<LoraStart> batch, int rank, Switches.StartB startB) {
        List<Projector> projectors = PrincipalSubspace.projectors(
                linalg, batch.stream().map(LoraStart::subspace).toList());
        List<LowRank> problems = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            LoraStart start = batch.get(i);
            int r = Math.min(rank, start.freeDirections());
            problems.add(new LowRank(
                    start.gradient,
                    Optional.of(projectors.get(i)),
                    r,
                    SKETCH_PER_RANK * r,
                    POWER_ITERATIONS,
                    start.seed));
        }
        try {
            List<LoraFactors> factors = linalg.lowRank(problems).stream()
                    .map(leading -> factors(linalg, leading, startB))
                    .toList();
            keepOutside(linalg, batch, factors);
            return factors;
        } finally {
            PrincipalSubspace.release(projectors);
        }
    }

    private int freeDirections() {
        return Math.min(gradient.cols(), subspace.in() - subspace.rank());
    }

    private static LoraFactors factors(Linalg linalg, LowRankFactors leading, Switches.StartB startB) {
        Matrix b = leading.right();
        if (startB == Switches.StartB.GRADIENT) {
            return new LoraFactors(leading.left(), b);
        }
        try (b) {
            return new LoraFactors(leading.left(), linalg.zeros(b.rows(), b.cols(), ElementType.F32));
        }
    }

    /** Rebuilds each A with ‖MᵀA‖_max above {@link #LARGEST_OVERLAP}. */
    private static void keepOutside(Linalg linalg, List<LoraStart> batch, List<LoraFactors> factors) {
        try (Scope scope = new Scope()) {
            List<Product> products = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                Matrix basis = batch.get(i).subspace.basis();
                Matrix a = factors.get(i).a();
                Matrix overlap = scope.keep(linalg.zeros(basis.cols(), a.cols(), ElementType.F32));
                products.add(Product.of(Operand.transposed(basis), Operand.of(a), overlap));
            }
            linalg.multiply(products);
            double[] overlaps = linalg.largestMagnitudes(
                    products.stream().map(Product::target).toList());
            for (int i = 0; i < batch.size(); i++) {
                if (overlaps[i] > LARGEST_OVERLAP) {
                    rebuild(linalg, batch.get(i).subspace, factors.get(i).a());
                }
            }
        }
    }

    /**
     * A ← Q·orth(QᵀA): the part of A in the complement. Needed if R has fewer than r directions, because the rest of A
     * is then arbitrary. No column changes its sign, so B stays valid.
     */
    private static void rebuild(Linalg linalg, PrincipalSubspace subspace, Matrix a) {
        try (Matrix q = subspace.complement(linalg);
                Matrix coordinates = linalg.zeros(q.cols(), a.cols(), ElementType.F32)) {
            linalg.multiply(List.of(Product.of(Operand.transposed(q), Operand.of(a), coordinates)));
            linalg.orthonormalize(List.of(coordinates));
            linalg.multiply(List.of(Product.of(Operand.of(q), Operand.of(coordinates), a)));
        }
    }
}
