package org.keeplora.engine;

import java.util.Arrays;
import java.util.Random;

/** Plain float64 loops and comparisons, as a reference for the engine. */
final class Reference {
    private Reference() {}

    /** Standard normal entries times {@code scale}. */
    static double[][] gaussian(int rows, int cols, double scale, long seed) {
        Random random = new Random(seed);
        double[][] values = new double[rows][cols];
        for (double[] row : values) {
            for (int col = 0; col < cols; col++) {
                row[col] = scale * random.nextGaussian();
            }
        }
        return values;
    }

    /** left [m x k] · right [k x n]. */
    static double[][] multiply(double[][] left, double[][] right, int cols) {
        double[][] product = new double[left.length][cols];
        for (int i = 0; i < left.length; i++) {
            for (int k = 0; k < right.length; k++) {
                for (int j = 0; j < cols; j++) {
                    product[i][j] += left[i][k] * right[k][j];
                }
            }
        }
        return product;
    }

    /** The transpose of {@code matrix} [rows x cols]. */
    static double[][] transpose(double[][] matrix, int cols) {
        double[][] transposed = new double[cols][matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < cols; j++) {
                transposed[j][i] = matrix[i][j];
            }
        }
        return transposed;
    }

    /** one + factor · other. */
    static double[][] add(double[][] one, double factor, double[][] other) {
        double[][] sum = new double[one.length][];
        for (int i = 0; i < one.length; i++) {
            sum[i] = one[i].clone();
            for (int j = 0; j < sum[i].length; j++) {
                sum[i][j] += factor * other[i][j];
            }
        }
        return sum;
    }

    static double norm(double[][] matrix) {
        double largest = 0;
        for (double[] row : matrix) {
            for (double value : row) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        if (largest == 0) {
            return 0;
        }
        double sum = 0;
        for (double[] row : matrix) {
            for (double value : row) {
                sum += (value / largest) * (value / largest);
            }
        }
        return largest * Math.sqrt(sum);
    }

    /** ‖matrixᵀ·matrix − I‖, largest entry. */
    static double deviationFromOrthonormal(double[][] matrix, int cols) {
        double[][] gram = multiply(transpose(matrix, cols), matrix, cols);
        double deviation = 0;
        for (int i = 0; i < cols; i++) {
            for (int j = 0; j < cols; j++) {
                deviation = Math.max(deviation, Math.abs(gram[i][j] - (i == j ? 1 : 0)));
            }
        }
        return deviation;
    }

    /** The engine's matrix as rows. */
    static double[][] rows(Matrix matrix) {
        double[] values = matrix.toDoubles();
        double[][] rows = new double[matrix.rows()][matrix.cols()];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(values, i * matrix.cols(), rows[i], 0, matrix.cols());
        }
        return rows;
    }

    /** Rows as a matrix of the engine. */
    static Matrix matrix(double[][] rows, int cols, ElementType type) {
        Matrix matrix = Matrix.zeros(rows.length, cols, type);
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < cols; j++) {
                matrix.set(i, j, rows[i][j]);
            }
        }
        return matrix;
    }

    static double[][] orthonormal(int rows, int cols, long seed) {
        double[][] q = transpose(gaussian(rows, cols, 1, seed), cols);
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < cols; i++) {
                for (int j = 0; j < i; j++) {
                    double dot = 0;
                    for (int k = 0; k < rows; k++) {
                        dot += q[i][k] * q[j][k];
                    }
                    for (int k = 0; k < rows; k++) {
                        q[i][k] -= dot * q[j][k];
                    }
                }
                double norm = norm(new double[][] {q[i]});
                for (int k = 0; k < rows; k++) {
                    q[i][k] /= norm;
                }
            }
        }
        return transpose(q, rows);
    }

    /** Rank {@code rank} exactly, singular values scale · 2^-i. */
    static double[][] decaying(int rows, int cols, int rank, double scale) {
        double[][] left = orthonormal(rows, rank, 16);
        for (double[] row : left) {
            for (int i = 0; i < rank; i++) {
                row[i] *= scale * Math.pow(2, -i);
            }
        }
        return multiply(left, transpose(orthonormal(cols, rank, 17), rank), cols);
    }

    static double[][] columns(double[][] rows, int first, int count) {
        return Arrays.stream(rows)
                .map(row -> Arrays.copyOfRange(row, first, first + count))
                .toArray(double[][]::new);
    }
}
