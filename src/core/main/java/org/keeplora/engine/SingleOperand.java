package org.keeplora.engine;

import java.util.List;
import org.keeplora.engine.LinalgKernels.Asymmetry;
import org.keeplora.engine.internal.Require;

/** What operations on batches of single matrices require of each. */
final class SingleOperand {
    /**
     * A symmetric matrix may differ from its transpose by this part of its largest element. The roundings of a moment
     * that was summed in float32 stay below it (6e-8 each, over many rows); wrong values do not.
     */
    private static final double ROUNDED = 1e-4;

    private SingleOperand() {}

    static void finite(Matrix matrix, OperandCheck operands) {
        operands.read("matrix", matrix);
    }

    /** No more columns than rows. */
    static void tall(Matrix matrix, OperandCheck operands) {
        operands.read("matrix", matrix);
        requireTall(matrix, operands);
    }

    /** As {@link #tall}, and overwritten. */
    static void orthonormalized(Matrix matrix, OperandCheck operands) {
        operands.updated("matrix", matrix, largest(matrix));
        requireTall(matrix, operands);
    }

    /** Square; no eigenvalue is larger than the number of rows times the largest element. */
    static void square(Matrix matrix, OperandCheck operands) {
        operands.read("matrix", matrix, largest(matrix) / (4.0 * Math.max(1, matrix.rows())));
        requireSquare(matrix, operands);
    }

    /** Float64, of any values. */
    static void doubles(Matrix matrix, OperandCheck operands) {
        operands.placed("matrix", matrix);
        Check.shapes(
                matrix.type() == ElementType.F64, "%s: matrix is %s; it must be float64", operands.operation(), matrix);
    }

    /** As {@link #square}, and float64. */
    static void squareDoubles(Matrix matrix, OperandCheck operands) {
        doubles(matrix, operands);
        square(matrix, operands);
    }

    /** Square, float64, of any values, and overwritten. */
    static void mirrored(Matrix matrix, OperandCheck operands) {
        operands.written("matrix", matrix);
        doubles(matrix, operands);
        requireSquare(matrix, operands);
    }

    /** Square, float64, and overwritten; the sum of two elements is finite. */
    static void addedToTranspose(Matrix matrix, OperandCheck operands) {
        operands.updated("matrix", matrix, largest(matrix) / 2);
        doubles(matrix, operands);
        requireSquare(matrix, operands);
    }

    /** No singular value is larger than the norm, which is at most √elements times the largest element. */
    static void decomposed(Matrix matrix, OperandCheck operands) {
        operands.read("matrix", matrix, largest(matrix) / Math.sqrt(Math.max(1, matrix.elements())));
    }

    /** Has {@code count} columns from column {@code first} on. */
    static void columns(Matrix matrix, int first, int count, OperandCheck operands) {
        Check.shapes(
                first >= 0 && count >= 0 && (long) first + count <= matrix.cols(),
                "%s: columns %d to %d of %s; the matrix must have them",
                operands.operation(),
                first,
                (long) first + count,
                matrix);
    }

    /** Requires that square matrices are symmetric up to {@link #ROUNDED}; returns the largest magnitude in each. */
    static double[] requireSymmetric(String name, List<Matrix> squares, LinalgKernels kernels) {
        List<Asymmetry> measured = kernels.asymmetries(squares);
        for (int i = 0; i < measured.size(); i++) {
            double difference = measured.get(i).difference();
            double largest = measured.get(i).largest();
            Require.that(
                    difference <= ROUNDED * largest,
                    "%s %s differs from its transpose by up to %.3g, with elements up to %.3g; it must be symmetric",
                    name,
                    squares.get(i),
                    difference,
                    largest);
        }
        return measured.stream().mapToDouble(Asymmetry::largest).toArray();
    }

    private static double largest(Matrix matrix) {
        return matrix.type().largest();
    }

    private static void requireTall(Matrix matrix, OperandCheck operands) {
        Check.shapes(
                matrix.cols() <= matrix.rows(),
                "%s: matrix is %s; it must not have more columns than rows",
                operands.operation(),
                matrix);
    }

    private static void requireSquare(Matrix matrix, OperandCheck operands) {
        Check.shapes(
                matrix.rows() == matrix.cols(), "%s: matrix is %s; it must be square", operands.operation(), matrix);
    }
}
