package org.keeplora.method;

import java.util.ArrayList;
import java.util.List;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.LowRank;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Operand;
import org.keeplora.engine.Product;
import org.keeplora.engine.Projection;
import org.keeplora.engine.Svd;

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
     * outside the protected subspace whatever R is, even zero.
     *
     * @param residuals R [in x out] float32, already projected
     * @param seeds of the random sketches, one for each site
     */
    public static List<LoraFactors> of(
            Linalg linalg,
            List<PrincipalSubspace> subspaces,
            List<Matrix> residuals,
            int rank,
            StartB startB,
            long[] seeds) {
        List<LowRank> problems = new ArrayList<>();
        for (int i = 0; i < residuals.size(); i++) {
            Matrix residual = residuals.get(i);
            int free =
                    Math.min(residual.cols(), residual.rows() - subspaces.get(i).rank());
            int r = Math.min(rank, free);
            problems.add(new LowRank(residual, r, SKETCH_PER_RANK * r, POWER_ITERATIONS, seeds[i]));
        }
        List<Svd> leading = linalg.lowRank(problems);
        List<Matrix> as = leading.stream().map(Svd::left).toList();
        leading.forEach(svd -> svd.right().close());
        keepOutside(linalg, subspaces, as);
        List<LoraFactors> factors = new ArrayList<>();
        List<Product> products = new ArrayList<>();
        for (int i = 0; i < as.size(); i++) {
            Matrix b = Matrix.zeros(as.get(i).cols(), residuals.get(i).cols(), ElementType.F32);
            // AᵀR is S_r V_rᵀ, and stays right where re-orthonormalising turned a column of A around
            products.add(Product.of(Operand.transposed(as.get(i)), Operand.of(residuals.get(i)), b));
            factors.add(new LoraFactors(as.get(i), b));
        }
        if (startB == StartB.GRADIENT) {
            linalg.multiply(products);
        }
        return factors;
    }

    /** Re-projects and re-orthonormalises every A, so that ‖MᵀA‖_max stays below the largest overlap. */
    private static void keepOutside(Linalg linalg, List<PrincipalSubspace> subspaces, List<Matrix> as) {
        List<Projection> projections = new ArrayList<>();
        for (int i = 0; i < as.size(); i++) {
            projections.add(Projection.outOf(subspaces.get(i).basis(), as.get(i)));
        }
        linalg.projectOut(projections);
        linalg.orthonormalize(as);
        for (int i = 0; i < as.size(); i++) {
            if (overlap(linalg, subspaces.get(i).basis(), as.get(i)) > LARGEST_OVERLAP) {
                rebuildInside(linalg, subspaces.get(i), as.get(i));
            }
        }
    }

    /** Where R had fewer than r directions the rest of A is arbitrary: A ← Q·orth(QᵀA) chooses it inside the complement. */
    private static void rebuildInside(Linalg linalg, PrincipalSubspace subspace, Matrix a) {
        try (Matrix q = subspace.complement(linalg);
                Matrix coordinates = Matrix.zeros(q.cols(), a.cols(), ElementType.F32)) {
            linalg.multiply(List.of(Product.of(Operand.transposed(q), Operand.of(a), coordinates)));
            linalg.orthonormalize(List.of(coordinates));
            linalg.multiply(List.of(Product.of(Operand.of(q), Operand.of(coordinates), a)));
        }
    }

    private static double overlap(Linalg linalg, Matrix basis, Matrix a) {
        try (Matrix product = Matrix.zeros(basis.cols(), a.cols(), ElementType.F32)) {
            linalg.multiply(List.of(Product.of(Operand.transposed(basis), Operand.of(a), product)));
            double largest = 0;
            for (float value : product.toFloats()) {
                largest = Math.max(largest, Math.abs(value));
            }
            return largest;
        }
    }
}
