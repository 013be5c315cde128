package org.keeplora.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.keeplora.engine.CudaCopy.Block;
import org.keeplora.engine.CudaLayout.Diagonal;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.ResourceScope;

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
    /** Most columns. What the host computes grows with their cube. */
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
        try (ResourceScope scope = new ResourceScope()) {
            List<Matrix> w = factors(bases, scope);
            List<Matrix> shifted = scope.keep(blas.products(
                    bases.stream().map(Operand::of).toList(),
                    w.stream().map(Operand::of).toList()));
            List<Matrix> complements = layout.diagonals(
                    results.stream().map(CudaComplement::lastUnitVectors).toList(), scope);
            blas.multiply(IntStream.range(0, bases.size())
                    .mapToObj(i -> {
                        Matrix v = bases.get(i);
                        Matrix lower = scope.keep(layout.rows(v, v.cols(), v.rows() - v.cols()));
                        return new Product(
                                complements.get(i), 1, Operand.of(shifted.get(i)), Operand.transposed(lower), 1);
                    })
                    .toList());
            layout.copy(IntStream.range(0, bases.size())
                    .mapToObj(i -> CudaCopy.of(complements.get(i), results.get(i)))
                    .toList());
        }
    }

    /** [0; I], as large as {@code result}. */
    private static Diagonal lastUnitVectors(Matrix result) {
        int k = result.rows() - result.cols();
        return Diagonal.of(result.rows(), result.cols(), k * result.cols(), 1);
    }

    /** W of every basis; V₁ becomes V₁ − S. */
    private List<Matrix> factors(List<Matrix> bases, ResourceScope scope) {
        List<Matrix> tops =
                scope.keep(bases.stream().map(v -> layout.rows(v, 0, v.cols())).toList());
        List<double[]> onHost = layout.toHost(tops);
        List<Matrix> w = new ArrayList<>();
        List<CudaCopy> copies = new ArrayList<>();
        int numbers = 2 * onHost.stream().mapToInt(top -> top.length).sum();
        double[] together = new double[numbers];
        Matrix uploaded = scope.keep(layout.uninitialized(numbers, 1, ElementType.F64));
        int next = 0;
        for (int i = 0; i < bases.size(); i++) {
            int k = bases.get(i).cols();
            double[] top = onHost.get(i);
            double[] factor = subtractSigns(top, k);
            System.arraycopy(top, 0, together, next, top.length);
            System.arraycopy(factor, 0, together, next + top.length, factor.length);
            copies.add(new CudaCopy(Block.of(uploaded, next).withStride(k), Block.of(tops.get(i), 0), k, k, false));
            w.add(scope.keep(layout.view(uploaded, next + top.length, k, k)));
            next += top.length + factor.length;
        }
        try (Matrix host = Matrix.copyOf(numbers, 1, together)) {
            uploaded.writtenFrom(host);
        }
        layout.copy(copies);
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
