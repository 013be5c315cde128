package org.keeplora.engine;

import java.util.Random;

/**
 * Randomised low-rank decomposition of R = P G: its range is found by products with G [m x n] and projections of the sketch alone,
 * then a [q x q] problem is solved exactly.
 *
 * <pre>
 *   Y = P G Ω;  repeat: Z = cond(Gᵀ cond(Y)), Y = P G Z;  Y = orth(Y);  Z = orth(Gᵀ Y);  S = Zᵀ Gᵀ Y  [q x q] = U Σ Vᵀ
 *   R ≈ Y (YᵀG) = Y Sᵀ Zᵀ:  left = Y V, right = Uᵀ Zᵀ
 * </pre>
 *
 * <p>Y lies in the range of P, so Rᵀ Y = Gᵀ Y and one half step in two needs no projection: for k columns of the basis and q of the
 * sketch 4·m·k·q operations an iteration, where forming R takes 4·m·k·n once. Where little of G lies in the range of P, rounding
 * of the rest would drown it: then R is formed.
 */
final class CpuRangeFinder {
    /** Least share ‖P G Ω‖ / ‖G Ω‖ that is worked on without forming R; the same bound makes a projection be done twice. */
    private static final double CANCELLATION = 0.1;

    private CpuRangeFinder() {}

    static Svd lowRank(LowRank problem) {
        Matrix matrix = problem.matrix();
        int sketch = Math.min(problem.sketch(), Math.min(matrix.rows(), matrix.cols()));
        try (Matrix range = Matrix.uninitialized(matrix.rows(), sketch, matrix.type());
                Matrix coRange = randomSigns(matrix.cols(), sketch, matrix.type(), problem.seed())) {
            CpuBlas.multiply(Product.of(Operand.of(matrix), Operand.of(coRange), range));
            if (problem.projector().isPresent()) {
                Projector projector = problem.projector().get();
                double before = CpuBlas.norm(range);
                CpuBlas.project(projector, range);
                if (CpuBlas.norm(range) < CANCELLATION * before) {
                    return ofResidual(problem, projector);
                }
            }
            iterate(problem, range, coRange);
            try (Matrix image = CpuBlas.product(Operand.transposed(matrix), Operand.of(range))) {
                CpuLayout.copyInto(image, coRange);
                CpuQr.orthonormalize(coRange);
                return decompose(range, coRange, image, problem.rank());
            }
        }
    }

    /** Forms R, projected twice because what is left is small. */
    private static Svd ofResidual(LowRank problem, Projector projector) {
        try (Matrix residual =
                CpuLayout.convert(problem.matrix(), problem.matrix().type())) {
            CpuBlas.project(projector, residual);
            CpuBlas.project(projector, residual);
            return lowRank(
                    LowRank.of(residual, problem.rank(), problem.sketch(), problem.powerIterations(), problem.seed()));
        }
    }

    /** From Y = R Ω to an orthonormal basis of the leading range of R. */
    private static void iterate(LowRank problem, Matrix range, Matrix coRange) {
        Operand plain = Operand.of(problem.matrix());
        Operand transposed = Operand.transposed(problem.matrix());
        for (int i = 0; i < problem.powerIterations(); i++) {
            CpuQr.condition(range);
            CpuBlas.multiply(Product.of(transposed, Operand.of(range), coRange));
            CpuQr.condition(coRange);
            CpuBlas.multiply(Product.of(plain, Operand.of(coRange), range));
            problem.projector().ifPresent(projector -> CpuBlas.project(projector, range));
        }
        if (problem.projector().isPresent()) {
            CpuQr.condition(
                    range); // which magnifies what rounding has left of the span in weak directions: project again
            CpuBlas.project(problem.projector().get(), range);
        }
        CpuQr.orthonormalize(range);
    }

    /** From Y, Z and RᵀY = Z S to the leading triples of R. */
    private static Svd decompose(Matrix range, Matrix coRange, Matrix image, int rank) {
        try (Matrix core = CpuBlas.product(Operand.transposed(coRange), Operand.of(image));
                Svd small = CpuDecompositions.svd(core);
                Matrix right = CpuLayout.transpose(small.right());
                Matrix leadingRight = CpuLayout.columns(right, 0, rank);
                Matrix leadingLeft = CpuLayout.columns(small.left(), 0, rank)) {
            Matrix left = CpuBlas.product(Operand.of(range), Operand.of(leadingRight));
            double[] values = java.util.Arrays.copyOf(small.values(), rank);
            return new Svd(left, values, CpuBlas.product(Operand.transposed(leadingLeft), Operand.transposed(coRange)));
        }
    }

    /**
     * Ω of random signs, as good a sketch as normal numbers and one random bit each; {@link Random} specifies its algorithm, so a
     * seed means the same everywhere.
     */
    private static Matrix randomSigns(int rows, int cols, ElementType type, long seed) {
        Random random = new Random(seed);
        float[] signs = new float[rows * cols];
        long bits = 0;
        for (int i = 0; i < signs.length; i++) {
            bits = i % Long.SIZE == 0 ? random.nextLong() : bits >>> 1;
            signs[i] = (bits & 1) == 0 ? -1 : 1;
        }
        try (Matrix narrow = Matrix.copyOf(rows, cols, signs)) {
            return CpuLayout.convert(narrow, type);
        }
    }
}
