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

/**
 * Where a task's adapters start: A spans the r leading left directions of the projected gradient R, and A·B is R's best rank-r
 * approximation (paper, section on the gradient-informed start).
 */
public final class LoraStart {
    private static final int SKETCH_PER_RANK = 4;
    private static final int POWER_ITERATIONS = 4;
    /** Largest entry of MᵀA that is let pass, in float32 about ten roundings. */
    private static final double LARGEST_OVERLAP = 1e-6;

    private LoraStart() {}

    /**
     * The factors of every site; the caller closes them.
     *
     * <p>A site with fewer than {@code rank} free directions (in − k, or out) gets as many as there are: A stays orthonormal and
     * outside the protected subspace whatever the gradient is, even zero.
     *
     * @param gradients [in x out] float32, projected or not: the factors are those of the projection
     * @param seeds of the random sketches, one for each site
     */
    public static List<LoraFactors> of(
            Linalg linalg,
            List<PrincipalSubspace> subspaces,
            List<Matrix> gradients,
            int rank,
            StartB startB,
            long[] seeds) {
        List<Projector> projectors = PrincipalSubspace.projectors(linalg, subspaces);
        List<LowRank> problems = new ArrayList<>();
        for (int i = 0; i < gradients.size(); i++) {
            Matrix gradient = gradients.get(i);
            int free =
                    Math.min(gradient.cols(), gradient.rows() - subspaces.get(i).rank());
            int r = Math.min(rank, free);
            problems.add(new LowRank(
                    gradient, Optional.of(projectors.get(i)), r, SKETCH_PER_RANK * r, POWER_ITERATIONS, seeds[i]));
        }
        List<LowRankFactors> leading;
        try {
            leading = linalg.lowRank(problems);
        } finally {
            PrincipalSubspace.release(projectors);
        }
        List<Matrix> as = leading.stream().map(LowRankFactors::left).toList();
        double[] overlaps = overlaps(linalg, subspaces, as);
        List<LoraFactors> factors = new ArrayList<>();
        for (int i = 0; i < as.size(); i++) {
            Matrix b = leading.get(i).right();
            if (startB == StartB.ZERO) {
                b.close();
                b = linalg.zeros(b.rows(), b.cols(), ElementType.F32);
            }
            factors.add(new LoraFactors(as.get(i), b));
            if (overlaps[i] > LARGEST_OVERLAP) {
                rebuildInside(linalg, subspaces.get(i), as.get(i));
            }
        }
        return factors;
    }

    /**
     * A ← Q·orth(QᵀA): the part of A in the complement. Needed where R has fewer than r directions, as the rest of A is then
     * arbitrary. No column is turned around, so B stays right.
     */
    private static void rebuildInside(Linalg linalg, PrincipalSubspace subspace, Matrix a) {
        try (Matrix q = subspace.complement(linalg);
                Matrix coordinates = linalg.zeros(q.cols(), a.cols(), ElementType.F32)) {
            linalg.multiply(List.of(Product.of(Operand.transposed(q), Operand.of(a), coordinates)));
            linalg.orthonormalize(List.of(coordinates));
            linalg.multiply(List.of(Product.of(Operand.of(q), Operand.of(coordinates), a)));
        }
    }

    /** ‖MᵀA‖_max of every site. */
    private static double[] overlaps(Linalg linalg, List<PrincipalSubspace> subspaces, List<Matrix> as) {
        List<Product> products = new ArrayList<>();
        for (int i = 0; i < as.size(); i++) {
            Matrix basis = subspaces.get(i).basis();
            Matrix overlap = linalg.zeros(basis.cols(), as.get(i).cols(), ElementType.F32);
            products.add(Product.of(Operand.transposed(basis), Operand.of(as.get(i)), overlap));
        }
        try {
            linalg.multiply(products);
            return linalg.largestMagnitudes(
                    products.stream().map(Product::target).toList());
        } finally {
            products.forEach(product -> product.target().close());
        }
    }
}
