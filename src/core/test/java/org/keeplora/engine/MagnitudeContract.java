package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.LowRankFactors;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Projector;

/** Numbers near both ends of a type's range: right results, or one line that names the matrix and its magnitude. */
abstract class MagnitudeContract extends DecompositionContract {
    private static final int ROWS = 97;
    private static final int COLS = 61;

    /** Numbers of this magnitude, with both signs. */
    private Matrix signs(int rows, int cols, double magnitude, ElementType type) {
        double[][] values = Reference.gaussian(rows, cols, 1, 30);
        for (double[] row : values) {
            Arrays.setAll(row, col -> Math.copySign(magnitude, row[col]));
        }
        return matrix(values, cols, type);
    }

    @ParameterizedTest
    @CsvSource({
        "F32, 1.4e-45",
        "F32, 1e-40",
        "F32, 1e-38",
        "F32, 1e-20",
        "F32, 1e19",
        "F32, 3.6e37",
        "F32, 3.4e38",
        "F64, 4.9e-324",
        "F64, 1e-300",
        "F64, 1e-160",
        "F64, 1e160",
        "F64, 1e300"
    })
    void normsNeitherOverflowNorVanish(ElementType type, double magnitude) {
        try (Matrix m = signs(ROWS, COLS, magnitude, type);
                Matrix host = m.toHost()) {
            double stored = Math.abs(host.get(0, 0));
            double norm = linalg.norms(List.of(m))[0];
            double expected = stored * Math.sqrt(ROWS * COLS);
            double rounding = tolerance(ROWS, COLS, type) * expected + Double.MIN_VALUE;
            assertEquals(expected, norm, rounding);
            assertEquals(stored, linalg.largestMagnitudes(List.of(m))[0]);
        }
    }

    /** The factors are orthonormal even where float32 holds only a few bits of a number. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-44, 1e-41, 1e-38, 1e-33, 1e33, 5e35})
    void lowRankNearTheEndsOfTheRange(double scale) {
        int rank = 9;
        double[][] exact = Reference.decaying(ROWS, COLS, rank, scale);
        try (Matrix m = matrix(exact, COLS, ElementType.F32);
                Matrix basis = matrix(Reference.orthonormal(ROWS, 5, 31), 5, ElementType.F32)) {
            double[][] stored = Reference.rows(m);
            try (LowRankFactors found =
                    linalg.lowRank(List.of(LowRank.of(m, rank, COLS, 4, 3))).get(0)) {
                double[][] left = Reference.rows(found.left());
                assertTrue(Reference.deviationFromOrthonormal(left, rank) <= tolerance(ROWS, COLS, ElementType.F32));
                double[][] rebuilt = Reference.multiply(left, Reference.rows(found.right()), COLS);
                // each element of right is rounded to a multiple of the smallest number
                double smallest = Float.MIN_VALUE * Math.sqrt(ROWS * COLS) * rank;
                double rounding = tolerance(ROWS, COLS, ElementType.F32) * Reference.norm(stored) + smallest;
                assertClose(stored, rebuilt, 1, rounding);
            }
            LowRank outside = new LowRank(Optional.of(Projector.outOf(basis)), m, rank, 4 * rank, 4, 3);
            try (LowRankFactors found = linalg.lowRank(List.of(outside)).get(0)) {
                double[][] left = Reference.rows(found.left());
                assertTrue(Reference.deviationFromOrthonormal(left, rank) <= tolerance(ROWS, COLS, ElementType.F32));
            }
        }
    }

    @Test
    void sumsThatCouldOverflowAreRefusedBeforeTheWork() {
        try (Matrix huge = signs(ROWS, COLS, 7e37, ElementType.F32);
                Matrix basis = matrix(Reference.orthonormal(ROWS, 5, 31), 5, ElementType.F32);
                Matrix exact = signs(ROWS, 3, 1e160, ElementType.F64);
                Matrix gram = linalg.zeros(3, 3, ElementType.F64);
                Matrix symmetric = linalg.adopt(Matrix.copyOf(1, 1, new double[] {1.7e308}))) {
            float[] before = huge.toFloats();
            assertRefused(
                    "lowRank: matrix [97 x 61] F32",
                    "7.00e+37",
                    "8.77e+35",
                    () -> linalg.lowRank(List.of(LowRank.of(huge, 5, 20, 2, 1))));
            assertRefused(
                    "projectOut: target [97 x 61] F32",
                    "7.00e+37",
                    "1.73e+37",
                    () -> linalg.projectOut(List.of(new Projection(huge, Projector.outOf(basis)))));
            assertRefused("svd: matrix [97 x 61] F32", "7.00e+37", "4.42e+36", () -> linalg.svd(List.of(huge)));
            assertRefused(
                    "accumulateGram: samples [97 x 3] F64",
                    "1.00e+160",
                    "9.63e+152",
                    () -> linalg.accumulateGram(List.of(new GramUpdate(gram, exact))));
            assertRefused("eigh: matrix [1 x 1] F64", "1.70e+308", "4.49e+307", () -> linalg.eigh(List.of(symmetric)));
            assertRefused(
                    "addTransposes: matrix [1 x 1] F64",
                    "1.70e+308",
                    "8.99e+307",
                    () -> linalg.addTransposes(List.of(symmetric)));
            assertArrayEquals(before, huge.toFloats());
            assertArrayEquals(new double[9], gram.toDoubles());
        }
    }

    private static void assertRefused(String operand, String magnitude, String limit, Runnable operation) {
        assertEquals(
                operand + " has elements of magnitude up to " + magnitude + "; above " + limit
                        + " its sums of products could overflow",
                assertThrows(IllegalArgumentException.class, operation::run).getMessage());
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-42, 1e-38, 3e38})
    void gramsOfEverySingleAreExactEnough(double magnitude) {
        try (Matrix samples = signs(ROWS, 3, magnitude, ElementType.F32);
                Matrix gram = linalg.zeros(3, 3, ElementType.F64)) {
            linalg.accumulateGram(List.of(new GramUpdate(gram, samples)));
            double expected = ROWS * Math.pow(Reference.rows(samples)[0][0], 2);
            for (int i = 0; i < 3; i++) {
                assertEquals(expected, Reference.rows(gram)[i][i], tolerance(ROWS, 3, ElementType.F64) * expected);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"F32, 1e-44", "F32, 1e-38", "F32, 3e38", "F64, 1e-300", "F64, 1e300"})
    void columnsOfEverySizeBecomeOrthonormal(ElementType type, double magnitude) {
        try (Matrix m = signs(ROWS, 9, magnitude, type)) {
            linalg.orthonormalize(List.of(m));
            assertTrue(Reference.deviationFromOrthonormal(Reference.rows(m), 9) <= tolerance(ROWS, 9, type));
        }
    }

    /** What is left is the 2^-14th part of the target, whose rounding one pass would leave in the span. */
    @ParameterizedTest
    @CsvSource({"F32, 1e-30", "F32, 1", "F32, 1e30", "F64, 1e-290", "F64, 1", "F64, 1e290"})
    void aTargetOfWhichLittleIsLeftIsOrthogonalToTheSpan(ElementType type, double magnitude) {
        double[][] all = Reference.orthonormal(ROWS, ROWS, 31);
        int k = ROWS / 3;
        double[][] values = new double[ROWS][COLS];
        for (int row = 0; row < ROWS; row++) {
            for (int col = 0; col < COLS; col++) {
                values[row][col] = magnitude * (all[row][col % k] + all[row][k + col] / (1 << 14));
            }
        }
        try (Matrix basis = matrix(Reference.columns(all, 0, k), k, type);
                Matrix others = matrix(Reference.columns(all, k, ROWS - k), ROWS - k, type);
                Matrix removed = matrix(values, COLS, type);
                Matrix kept = matrix(values, COLS, type)) {
            linalg.projectOut(List.of(
                    new Projection(removed, Projector.outOf(basis)), new Projection(kept, Projector.onto(others))));
            for (Matrix left : List.of(removed, kept)) {
                double[][] rest = Reference.rows(left);
                double[][] inside = Reference.multiply(Reference.transpose(Reference.rows(basis), k), rest, COLS);
                double expected = magnitude * Math.sqrt(COLS) / (1 << 14);
                assertEquals(expected, linalg.norms(List.of(left))[0], 1e-2 * expected);
                double rounding = tolerance(ROWS, COLS, type) * expected;
                Arrays.stream(inside).flatMapToDouble(Arrays::stream).forEach(e -> assertEquals(0, e, rounding));
            }
        }
    }

    @Test
    void aMatrixMustBeSymmetricUpToRounding() {
        try (Matrix symmetric = linalg.adopt(Matrix.copyOf(2, 2, new double[] {4, 1, 1 + 1e-5, 2}));
                Matrix single = linalg.adopt(Matrix.copyOf(2, 2, new float[] {4, 1, 1.1f, 2}));
                Matrix askew = matrix(askew(70), 70, ElementType.F64)) {
            linalg.requireSymmetric("a", List.of(symmetric));
            assertEquals(
                    "a [70 x 70] F64 differs from its transpose by up to 0.500, with elements up to 1.00;"
                            + " it must be symmetric",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> linalg.requireSymmetric("a", List.of(symmetric, askew)))
                            .getMessage());
            assertEquals(
                    "extend: moment [2 x 2] F32 differs from its transpose by up to 0.100, with elements up to 4.00;"
                            + " it must be symmetric",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> linalg.requireSymmetric("extend: moment", List.of(single)))
                            .getMessage());
        }
    }

    /** The identity with one more element, in the corner that is compared last. */
    private static double[][] askew(int n) {
        double[][] values = new double[n][n];
        for (int i = 0; i < n; i++) {
            values[i][i] = 1;
        }
        values[n - 2][n - 1] = 0.5;
        return values;
    }
}
