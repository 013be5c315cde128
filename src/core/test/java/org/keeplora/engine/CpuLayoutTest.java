package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies in panels, with sizes around the height of a panel. */
final class CpuLayoutTest {
    @ParameterizedTest
    @CsvSource({"0, 3", "3, 0", "1, 1", "31, 40", "32, 1", "33, 7", "97, 65", "1, 64"})
    void transposesEverySize(int rows, int cols) {
        double[][] values = Reference.gaussian(rows, cols, 1, 1);
        for (ElementType type : new ElementType[] {ElementType.F32, ElementType.F64}) {
            try (Matrix matrix = Reference.matrix(values, cols, type);
                    Matrix transposed = CpuLayout.transpose(matrix);
                    Matrix expected = Reference.matrix(Reference.transpose(values, cols), rows, type)) {
                assertEquals(cols, transposed.rows());
                assertArrayEquals(expected.toDoubles(), transposed.toDoubles());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 31, 32, 33, 64, 97})
    void addsTheTranspose(int n) {
        double[][] values = Reference.gaussian(n, n, 1, 3);
        try (Matrix square = Reference.matrix(values, n, ElementType.F64);
                Matrix sum = Reference.matrix(
                        Reference.add(values, 1, Reference.transpose(values, n)), n, ElementType.F64)) {
            IntStream.range(0, CpuLayout.panels(square)).forEach(panel -> CpuLayout.addTranspose(square, panel));
            assertArrayEquals(sum.toDoubles(), square.toDoubles());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 31, 32, 33, 64, 97})
    void mirrorsTheUpperTriangleAndReversesRows(int n) {
        double[][] values = Reference.gaussian(n, n, 1, 2);
        double[] mirrored = new double[n * n];
        double[] reversed = new double[n * n];
        for (int row = 0; row < n; row++) {
            for (int col = 0; col < n; col++) {
                mirrored[row * n + col] = values[Math.min(row, col)][Math.max(row, col)];
                reversed[row * n + col] = values[n - 1 - row][col];
            }
        }
        try (Matrix square = Reference.matrix(values, n, ElementType.F64);
                Matrix rows = Reference.matrix(values, n, ElementType.F64)) {
            IntStream.range(0, CpuLayout.panels(square)).forEach(panel -> CpuLayout.mirror(square, panel));
            assertArrayEquals(mirrored, square.toDoubles());
            CpuLayout.reverseRows(rows);
            assertArrayEquals(reversed, rows.toDoubles());
        }
    }
}
