package org.keeplora.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.keeplora.engine.CudaCopy.Block;
import org.keeplora.engine.CudaLayout.UnitColumns;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;

/**
 * Orthogonal complements of narrow bases V = [V₁; V₂], all of a batch at once: the Householder reflectors are not
 * computed one after the other but reconstructed from V (Ballard, Demmel, Grigori, Jacquelin, Knight and Nguyen 2015).
 *
 * <pre>
 *   complement = [0; I] + (V − [S; 0]) W V₂ᵀ, with W = S (V₁ − S)⁻ᵀ
 * </pre>
 *
 * <p>The signs S keep every pivot of V₁ − S at 1 or more. The host computes S and W [k x k].
 */
final class CudaComplement {
    /** Most columns: the host takes 0.2 ms for so many. */
    private static final int MOST_COLUMNS = 64;

    private final CudaLayout layout;
    private final CudaBlas blas;

    CudaComplement(CudaBlas blas) {
        this.layout = blas.layout();
        this.blas = blas;
    }

    static boolean takes(Matrix basis) {
        return basis.cols() > 0 && basis.cols() <= MOST_COLUMNS && basis.cols() < basis.rows();
    }

    /**
     * Enqueues the complements [in x (in−k)] of orthonormal columns [in x k]; waits for V₁.
     *
     * @param bases V, float64; overwritten
     * @param results receive the complements
     */
    void of(List<Matrix> bases, List<Matrix> results) {
        List<Matrix> owned = new ArrayList<>();
        try {
            List<Matrix> w = factors(bases, owned);
            List<Matrix> shifted = blas.products(
                    bases.stream().map(Operand::of).toList(),
                    w.stream().map(Operand::of).toList());
            owned.addAll(shifted);
            List<Matrix> complements = layout.unitColumns(
                    results.stream()
                            .map(result ->
                                    new UnitColumns(result.rows(), result.cols(), result.rows() - result.cols(), 1))
                            .toList(),
                    owned);
            blas.multiply(IntStream.range(0, bases.size())
                    .mapToObj(i -> {
                        Matrix v = bases.get(i);
                        Matrix lower = layout.rows(v, v.cols(), v.rows() - v.cols());
                        owned.add(lower);
                        return new Product(
                                complements.get(i), 1, Operand.of(shifted.get(i)), Operand.transposed(lower), 1);
                    })
                    .toList());
            layout.copy(IntStream.range(0, bases.size())
                    .mapToObj(i -> CudaCopy.of(complements.get(i), results.get(i)))
                    .toList());
        } finally {
            owned.forEach(Matrix::close);
        }
    }

    /** W of every basis; V₁ becomes V₁ − S. */
    private List<Matrix> factors(List<Matrix> bases, List<Matrix> owned) {
        List<Matrix> tops = bases.stream().map(v -> layout.rows(v, 0, v.cols())).toList();
        owned.addAll(tops);
        List<double[]> onHost = layout.toHost(tops);
        List<Matrix> w = new ArrayList<>();
        List<CudaCopy> copies = new ArrayList<>();
        int numbers = 2 * onHost.stream().mapToInt(top -> top.length).sum();
        double[] together = new double[numbers];
        Matrix uploaded = layout.uninitialized(numbers, 1, ElementType.F64);
        owned.add(uploaded);
        int next = 0;
        for (int i = 0; i < bases.size(); i++) {
            int k = bases.get(i).cols();
            double[] top = onHost.get(i);
            double[] factor = subtractSigns(top, k);
            System.arraycopy(top, 0, together, next, top.length);
            System.arraycopy(factor, 0, together, next + top.length, factor.length);
            copies.add(new CudaCopy(Block.of(uploaded, next).withStride(k), Block.of(tops.get(i), 0), k, k, false));
            w.add(layout.view(uploaded, next + top.length, k, k));
            next += top.length + factor.length;
        }
        try (Matrix host = Matrix.copyOf(numbers, 1, together)) {
            uploaded.writtenFrom(host);
        }
        layout.copy(copies);
        owned.addAll(w);
        return w;
    }

    /**
     * V₁ ← V₁ − S, where each sign is opposite to the pivot that Gaussian elimination meets.
     *
     * @param top V₁ [k x k], row by row
     * @return W = S (V₁ − S)⁻ᵀ
     */
    private static double[] subtractSigns(double[] top, int k) {
        double[] lu = top.clone();
        double[] signs = new double[k];
        for (int j = 0; j < k; j++) {
            signs[j] = lu[j * k + j] < 0 ? 1 : -1;
            lu[j * k + j] -= signs[j];
            top[j * k + j] -= signs[j];
            for (int row = j + 1; row < k; row++) {
                double factor = lu[row * k + j] / lu[j * k + j];
                lu[row * k + j] = factor;
                for (int col = j + 1; col < k; col++) {
                    lu[row * k + col] -= factor * lu[j * k + col];
                }
            }
        }
        double[] factor = new double[k * k];
        for (int col = 0; col < k; col++) {
            solve(lu, k, col, factor);
            for (int row = 0; row < k; row++) {
                factor[col * k + row] *= signs[col];
            }
        }
        return factor;
    }

    /** Row {@code unit} of the result ← the solution x of L·U·x = the unit vector. */
    private static void solve(double[] lu, int k, int unit, double[] result) {
        int x = unit * k;
        for (int row = unit; row < k; row++) {
            double sum = row == unit ? 1 : 0;
            for (int col = unit; col < row; col++) {
                sum -= lu[row * k + col] * result[x + col];
            }
            result[x + row] = sum;
        }
        for (int row = k - 1; row >= 0; row--) {
            double sum = result[x + row];
            for (int col = row + 1; col < k; col++) {
                sum -= lu[row * k + col] * result[x + col];
            }
            result[x + row] = sum / lu[row * k + row];
        }
    }
}
