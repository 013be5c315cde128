package org.keeplora.engine;

import static org.bytedeco.openblas.global.openblas.cblas_dnrm2;
import static org.bytedeco.openblas.global.openblas.cblas_idamax;
import static org.bytedeco.openblas.global.openblas.cblas_isamax;
import static org.bytedeco.openblas.global.openblas.cblas_snrm2;

import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.keeplora.engine.OperandCheck.Values;

/** Norms and magnitudes on the host, for numbers of any size that are finite. */
final class CpuMagnitudes {
    /** Norms up to here, and from its reciprocal on, neither overflow nor lose digits in OpenBLAS. */
    private static final double SAFE_F32 = 1e15;

    private static final double SAFE_F64 = 1e150;
    /** Side of the square blocks of a matrix that are compared with their mirror image: two fit a core's cache. */
    private static final int BLOCK = 32;

    private CpuMagnitudes() {}

    /** Whether every element is finite and of a magnitude up to the limit. */
    static boolean within(Values operand) {
        Matrix matrix = operand.matrix();
        return CpuLayout.isFinite(matrix)
                && (operand.limit() == matrix.type().largest() || largest(matrix) <= operand.limit());
    }

    static double norm(Matrix matrix) {
        int elements = Math.toIntExact(matrix.elements());
        boolean single = matrix.type() == ElementType.F32;
        double norm = single ? cblas_snrm2(elements, matrix.floats(), 1) : cblas_dnrm2(elements, matrix.doubles(), 1);
        double safe = single ? SAFE_F32 : SAFE_F64;
        return norm >= 1 / safe && norm <= safe ? norm : scaledNorm(matrix);
    }

    /** The norm of the elements divided by the largest one, a power of two, multiplied by it again. */
    private static double scaledNorm(Matrix matrix) {
        double largest = largest(matrix);
        if (largest == 0) {
            return 0;
        }
        int exponent = Math.getExponent(largest);
        double squares = 0;
        if (matrix.type() == ElementType.F32) {
            FloatIndexer values = FloatIndexer.create(matrix.floats());
            for (long i = 0; i < matrix.elements(); i++) {
                double scaled = Math.scalb((double) values.get(i), -exponent);
                squares += scaled * scaled;
            }
        } else {
            DoubleIndexer values = DoubleIndexer.create(matrix.doubles());
            for (long i = 0; i < matrix.elements(); i++) {
                double scaled = Math.scalb(values.get(i), -exponent);
                squares += scaled * scaled;
            }
        }
        return Math.scalb(Math.sqrt(squares), exponent);
    }

    static double largest(Matrix matrix) {
        int elements = Math.toIntExact(matrix.elements());
        if (elements == 0) {
            return 0;
        }
        return Math.abs(
                matrix.type() == ElementType.F32
                        ? matrix.floats().get(cblas_isamax(elements, matrix.floats(), 1))
                        : matrix.doubles().get(cblas_idamax(elements, matrix.doubles(), 1)));
    }

    /** Largest |m − mᵀ| of an element of a square matrix. */
    static double asymmetry(Matrix square) {
        int n = square.rows();
        double largest = 0;
        for (int top = 0; top < n; top += BLOCK) {
            for (int left = 0; left <= top; left += BLOCK) {
                largest = Math.max(largest, asymmetry(square, top, left));
            }
        }
        return largest;
    }

    /** That of one block, whose rows begin at {@code top} and whose columns begin at {@code left}. */
    private static double asymmetry(Matrix square, int top, int left) {
        long n = square.rows();
        boolean single = square.type() == ElementType.F32;
        FloatIndexer floats = single ? FloatIndexer.create(square.floats()) : null;
        DoubleIndexer doubles = single ? null : DoubleIndexer.create(square.doubles());
        double largest = 0;
        for (long row = top; row < Math.min(n, top + BLOCK); row++) {
            for (long col = left; col < Math.min(row, left + BLOCK); col++) {
                double difference = single
                        ? (double) floats.get(row * n + col) - floats.get(col * n + row)
                        : doubles.get(row * n + col) - doubles.get(col * n + row);
                largest = Math.max(largest, Math.abs(difference));
            }
        }
        return largest;
    }
}
