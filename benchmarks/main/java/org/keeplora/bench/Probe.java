package org.keeplora.bench;

import java.util.List;
import java.util.Random;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;

/**
 * Products with one random vector, in float64 and plain loops. They check a product of matrices (Freivalds 1977)
 * without using any backend.
 */
final class Probe {
    private static final double UNIT_ROUNDOFF_F32 = 0x1p-24;
    private static final double UNIT_ROUNDOFF_F64 = 0x1p-53;
    /** Rounding errors of a sum of n random terms grow as √n; up to ten times that is accepted. */
    private static final double ROUNDINGS = 10;

    private Probe() {}

    /** The relative difference that rounding to {@code type} explains in sums of {@code terms} terms. */
    static double tolerance(ElementType type, int terms) {
        return ROUNDINGS * Math.sqrt(terms) * (type == ElementType.F32 ? UNIT_ROUNDOFF_F32 : UNIT_ROUNDOFF_F64);
    }

    /** n numbers between −1 and 1. */
    static double[] vector(int n, long seed) {
        return new Random(seed).doubles(n, -1, 1).toArray();
    }

    /** matrix · v of a host matrix. */
    static double[] times(Matrix matrix, double[] v) {
        double[] values = matrix.toDoubles();
        double[] product = new double[matrix.rows()];
        for (int row = 0; row < product.length; row++) {
            for (int col = 0; col < v.length; col++) {
                product[row] += values[row * v.length + col] * v[col];
            }
        }
        return product;
    }

    /** matrixᵀ · v of a host matrix. */
    static double[] transposedTimes(Matrix matrix, double[] v) {
        double[] values = matrix.toDoubles();
        double[] product = new double[matrix.cols()];
        for (int row = 0; row < v.length; row++) {
            for (int col = 0; col < product.length; col++) {
                product[col] += values[row * product.length + col] * v[row];
            }
        }
        return product;
    }

    /** v with its elements multiplied by those of {@code factors}. */
    static double[] scaled(double[] v, double[] factors) {
        double[] product = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            product[i] = v[i] * factors[i];
        }
        return product;
    }

    /** v − M(Mᵀv). */
    static double[] outside(Matrix basis, double[] v) {
        double[] inside = times(basis, transposedTimes(basis, v));
        double[] rest = v.clone();
        for (int i = 0; i < rest.length; i++) {
            rest[i] -= inside[i];
        }
        return rest;
    }

    /** Throws unless the columns of {@code columns} [n x k] are orthonormal. */
    static void requireOrthonormal(String what, Matrix columns, double tolerance) {
        double[] v = vector(columns.cols(), 7);
        Comparison.requireClose(what, v, transposedTimes(columns, times(columns, v)), tolerance);
    }

    /** Random orthonormal columns [rows x cols] float64 on the host. */
    static Matrix orthonormal(BatchLinalg host, int rows, int cols, long seed) {
        Matrix columns = Matrix.copyOf(
                rows, cols, new Random(seed).doubles((long) rows * cols, -1, 1).toArray());
        host.orthonormalize(List.of(columns));
        return columns;
    }
}
