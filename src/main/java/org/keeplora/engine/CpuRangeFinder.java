package org.keeplora.engine;

import java.util.Random;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;

/**
 * Randomised low-rank decomposition: the range of R [m x n] is found by products with R alone, then a [q x q] problem is solved
 * exactly.
 *
 * <pre>
 *   Y = orth(R Ω);  repeat: Z = orth(Rᵀ Y), Y = orth(R Z);  Z = orth(Rᵀ Y);  S = Zᵀ Rᵀ Y  [q x q] = U Σ Vᵀ
 *   R ≈ Y (YᵀR) = Y Sᵀ Zᵀ:  left = Y V, right = Uᵀ Zᵀ
 * </pre>
 */
final class CpuRangeFinder {
    private CpuRangeFinder() {}

    static Svd lowRank(LowRank problem) {
        Matrix matrix = problem.matrix();
        int sketch = Math.min(problem.sketch(), Math.min(matrix.rows(), matrix.cols()));
        Operand plain = Operand.of(matrix);
        Operand transposed = Operand.transposed(matrix);
        try (Matrix range = Matrix.uninitialized(matrix.rows(), sketch, matrix.type());
                Matrix coRange = gaussian(matrix.cols(), sketch, matrix.type(), problem.seed())) {
            CpuBlas.multiply(Product.of(plain, Operand.of(coRange), range));
            CpuQr.orthonormalize(range);
            for (int i = 0; i < problem.powerIterations(); i++) {
                CpuBlas.multiply(Product.of(transposed, Operand.of(range), coRange));
                CpuQr.orthonormalize(coRange);
                CpuBlas.multiply(Product.of(plain, Operand.of(coRange), range));
                CpuQr.orthonormalize(range);
            }
            try (Matrix image = CpuBlas.product(transposed, Operand.of(range))) {
                CpuLayout.copyInto(image, coRange);
                CpuQr.orthonormalize(coRange);
                return decompose(range, coRange, image, problem.rank());
            }
        }
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

    /** Standard normal numbers in row order; {@link Random} specifies its algorithm, so a seed means the same everywhere. */
    private static Matrix gaussian(int rows, int cols, ElementType type, long seed) {
        Matrix matrix = Matrix.uninitialized(rows, cols, type);
        Random random = new Random(seed);
        if (type == ElementType.F32) {
            FloatIndexer values = FloatIndexer.create(matrix.floats());
            for (long i = 0; i < matrix.elements(); i++) {
                values.put(i, (float) random.nextGaussian());
            }
        } else {
            DoubleIndexer values = DoubleIndexer.create(matrix.doubles());
            for (long i = 0; i < matrix.elements(); i++) {
                values.put(i, random.nextGaussian());
            }
        }
        return matrix;
    }
}
