package org.keeplora.engine;

import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.LowRankFactors;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.engine.internal.Svd;

/**
 * Randomised low-rank decomposition of R = P G. Products with G [m x n] and projections of the sketch find its range;
 * then a [q x q] problem is solved exactly.
 *
 * <pre>
 *   Y = P G Ω;  repeat: Z = orth(Gᵀ cond(Y)), Y = P G Z;  Y = Q F, F = U Σ Vᵀ  [q x q]
 *   R ≈ R Z Zᵀ = Y Zᵀ:  left = Q U, right = Σ Vᵀ Zᵀ
 * </pre>
 *
 * <p>Y lies in the range of P, so Rᵀ Y = Gᵀ Y, and every second half step needs no projection. With k columns of the
 * basis and q of the sketch this takes 4·m·k·q operations per iteration; forming R takes 4·m·k·n once. If only a small
 * part of G lies in the range of P, the rounding of the rest would drown it; then R is formed.
 */
final class CpuRangeFinder {
    private CpuRangeFinder() {}

    static LowRankFactors lowRank(CpuProducts products, LowRank problem) {
        Matrix matrix = problem.matrix();
        int sketch = Math.min(problem.sketch(), Math.min(matrix.rows(), matrix.cols()));
        try (Matrix range = Matrix.uninitialized(matrix.rows(), sketch, matrix.type());
                Matrix coRange = RandomSigns.matrix(matrix.cols(), sketch, matrix.type(), problem.seed())) {
            products.multiply(Product.of(range, Operand.of(matrix), Operand.of(coRange)));
            double before = CpuMagnitudes.norm(range);
            project(products, problem, range);
            if (CpuMagnitudes.norm(range) < Projection.CANCELLATION * before) {
                return ofResidual(products, problem);
            }
            for (int i = 1; i <= problem.powerIterations(); i++) {
                CpuQr.condition(products, range);
                products.multiply(Product.of(coRange, Operand.transposed(matrix), Operand.of(range)));
                if (i < problem.powerIterations()) {
                    CpuQr.condition(products, coRange);
                } else {
                    CpuQr.orthonormalize(products, coRange);
                }
                products.multiply(Product.of(range, Operand.of(matrix), Operand.of(coRange)));
                project(products, problem, range);
            }
            return decompose(products, problem, range, coRange);
        }
    }

    /** Work of {@link #lowRank}: products with the matrix, and with the basis of the projector. */
    static long work(LowRank problem) {
        long basis = problem.projector().map(p -> p.basis().elements()).orElse(0L);
        long passes = 1 + problem.powerIterations();
        return 4 * passes * problem.sketch() * (problem.matrix().elements() + basis);
    }

    private static void project(CpuProducts products, LowRank problem, Matrix target) {
        problem.projector().ifPresent(projector -> products.project(new Projection(target, projector)));
    }

    /** Forms R first. It is projected twice because it is small. */
    private static LowRankFactors ofResidual(CpuProducts products, LowRank problem) {
        try (Matrix residual =
                CpuLayout.convert(problem.matrix(), problem.matrix().type())) {
            project(products, problem, residual);
            project(products, problem, residual);
            return lowRank(
                    products,
                    LowRank.of(residual, problem.rank(), problem.sketch(), problem.powerIterations(), problem.seed()));
        }
    }

    /** From Z and Y = R Z to the leading triples of R. */
    private static LowRankFactors decompose(CpuProducts products, LowRank problem, Matrix range, Matrix coRange) {
        try (Matrix q = CpuLayout.convert(range, range.type())) {
            CpuQr.orthonormalize(products, q);
            try (Matrix f = products.product(Operand.transposed(q), Operand.of(range));
                    Svd small = CpuDecompositions.svd(f);
                    Matrix rightTransposed = CpuLayout.transpose(small.right());
                    Matrix leadingV = CpuLayout.columns(rightTransposed, 0, problem.rank());
                    Matrix leadingU = CpuLayout.columns(small.left(), 0, problem.rank())) {
                return ResourceScope.handOver(made -> {
                    Matrix left = made.keep(products.product(Operand.of(q), Operand.of(leadingU)));
                    if (problem.projector().isPresent()) {
                        project(products, problem, left); // orthonormalising amplified what was left inside the span
                        CpuQr.orthonormalize(products, left);
                    }
                    Operand v = Operand.transposed(leadingV);
                    Matrix right = made.keep(products.product(v, Operand.transposed(coRange)));
                    CpuBlas.scaleRows(right, small.values());
                    return new LowRankFactors(left, right);
                });
            }
        }
    }
}
