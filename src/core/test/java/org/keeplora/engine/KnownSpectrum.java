package org.keeplora.engine;

import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.keeplora.engine.internal.BatchLinalg;

/** A symmetric matrix F·diag(λ)·Fᵀ whose eigenvectors F are known: the product of three reflections. */
public final class KnownSpectrum {
    private static final int REFLECTIONS = 3;

    private final int n;
    private final double[] values;
    private final double[][] axes = new double[REFLECTIONS][];

    /** @param eigenvalue λ_i, descending */
    public KnownSpectrum(int n, long seed, IntToDoubleFunction eigenvalue) {
        this.n = n;
        this.values = new double[n];
        Random random = new Random(seed);
        for (int i = 0; i < n; i++) {
            values[i] = eigenvalue.applyAsDouble(i);
        }
        for (int i = 0; i < REFLECTIONS; i++) {
            axes[i] = random.doubles(n, -1, 1).toArray();
        }
    }

    /** The sum of the {@code count} leading eigenvalues. */
    public double energy(int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values[i];
        }
        return sum;
    }

    /** The matrix [n x n] float64 where {@code linalg} computes; the caller closes it. */
    public Matrix matrix(BatchLinalg linalg) {
        double[] square = new double[n * n];
        for (int i = 0; i < n; i++) {
            square[i * n + i] = values[i];
        }
        for (double[] axis : axes) {
            reflect(square, axis, n, 1);
            reflect(square, axis, 1, n);
        }
        return linalg.adopt(Matrix.copyOf(n, n, square));
    }

    /** Eigenvectors {@code first} to before {@code end} [n x count] float64 there; the caller closes them. */
    public Matrix vectors(BatchLinalg linalg, int first, int end) {
        int count = end - first;
        double[] columns = new double[n * count];
        for (int i = 0; i < count; i++) {
            columns[(first + i) * count + i] = 1;
        }
        for (double[] axis : axes) {
            for (int i = 0; i < count; i++) {
                reflect(columns, axis, i, count, n);
            }
        }
        return linalg.adopt(Matrix.copyOf(n, count, columns));
    }

    /** Reflects every vector whose elements are {@code step} apart; vectors begin {@code next} apart. */
    private void reflect(double[] square, double[] axis, int step, int next) {
        for (int i = 0; i < n; i++) {
            reflect(square, axis, i * next, step, n);
        }
    }

    private static void reflect(double[] values, double[] axis, int first, int step, int length) {
        double inside = 0;
        double squares = 0;
        for (int i = 0; i < length; i++) {
            inside += axis[i] * values[first + i * step];
            squares += axis[i] * axis[i];
        }
        for (int i = 0; i < length; i++) {
            values[first + i * step] -= 2 * inside / squares * axis[i];
        }
    }
}
