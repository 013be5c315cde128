package org.keeplora.compare;

import java.util.function.IntToDoubleFunction;

/** One operation of one side, ready to run. */
interface Operation extends AutoCloseable {
    /** What is made anew for every run and not timed. */
    default void before() {}

    void run();

    /** Two numbers of the result of the first run, by which the sides are compared. */
    double[] result();

    /** Whether {@link #before} does anything. */
    default boolean fresh() {
        return false;
    }

    @Override
    default void close() {}

    /** Norm, and Σ sin(i + 1)·cos(j + 1)·value(i, j), of a row-major matrix. */
    static double[] numbers(int rows, int cols, IntToDoubleFunction value) {
        double squares = 0;
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            double row = 0;
            for (int j = 0; j < cols; j++) {
                double v = value.applyAsDouble(i * cols + j);
                squares += v * v;
                row += v * Math.cos(j + 1);
            }
            sum += Math.sin(i + 1) * row;
        }
        return new double[] {Math.sqrt(squares), sum};
    }
}
