package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.engine.internal.Assembly;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.LowRankFactors;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.Svd;

/** The decompositions that every backend must provide: eigenproblems, singular values, orthonormal columns. */
abstract class DecompositionContract {
    /** Rows, columns and element type of a case: empty, single, prime, tall, wide. */
    static final String SHAPES = """
            0, 0, F32
            0, 5, F32
            5, 0, F64
            1, 1, F32
            1, 7, F64
            13, 1, F32
            17, 17, F32
            31, 31, F64
            97, 13, F32
            13, 97, F32
            101, 29, F64
            29, 101, F64
            """;

    BatchLinalg linalg;

    abstract BatchLinalg open();

    @BeforeEach
    void openBackend() {
        linalg = open();
    }

    @AfterEach
    void closeBackend() {
        if (linalg != null) {
            linalg.close();
        }
    }

    /** Rows as a matrix where the backend computes. */
    Matrix matrix(double[][] rows, int cols, ElementType type) {
        return linalg.adopt(Reference.matrix(rows, cols, type));
    }

    /**
     * Rounding of sums over the longer side: unit roundoff times that length, times 8 for the few consecutive
     * operations. Relative to the norm of the compared values.
     */
    static double tolerance(int rows, int cols, ElementType type) {
        double unitRoundoff = type == ElementType.F32 ? Math.ulp(1f) / 2 : Math.ulp(1d) / 2;
        return 8 * unitRoundoff * Math.max(1, Math.max(rows, cols));
    }

    static void assertClose(double[][] expected, double[][] actual, double scale, double tolerance) {
        double difference = Reference.norm(Reference.add(expected, -1, actual));
        assertTrue(difference <= tolerance * scale, () -> "differs by " + difference + " at scale " + scale);
    }

    @ParameterizedTest
    @CsvSource({"1,0", "1,1", "7,0", "7,7", "7,1", "31,12", "97,60", "97,64", "97,65"})
    void complementIsOrthonormalAndOrthogonalToTheBasis(int in, int k) {
        double[][] basis = Reference.orthonormal(in, k, 7);
        try (Matrix m = matrix(basis, k, ElementType.F64);
                Matrix q = linalg.complement(List.of(m)).get(0);
                Matrix both =
                        linalg.assemble(List.of(Assembly.of(m.type(), m, q))).get(0)) {
            assertTrue(
                    Reference.deviationFromOrthonormal(Reference.rows(both), in) <= tolerance(in, k, ElementType.F64));
        }
    }

    /** Where elimination would meet zeros, and columns of either sign; sizes and types differ. */
    @Test
    void complementsOfUnitVectorsInABatch() {
        List<double[][]> bases =
                List.of(units(7, 3, -5), units(9, -1), units(4), units(3, 1, 2, 3), units(70, 40, 2, -69));
        List<Matrix> batch = new ArrayList<>();
        for (double[][] basis : bases) {
            batch.add(matrix(basis, basis[0].length, batch.size() == 1 ? ElementType.F32 : ElementType.F64));
        }
        List<Matrix> complements = linalg.complement(batch);
        for (int i = 0; i < batch.size(); i++) {
            Matrix basis = batch.get(i);
            try (Matrix both = linalg.assemble(List.of(Assembly.of(basis.type(), basis, complements.get(i))))
                    .get(0)) {
                int in = both.rows();
                assertEquals(in, both.cols());
                double deviation = Reference.deviationFromOrthonormal(Reference.rows(both), in);
                assertTrue(deviation <= tolerance(in, in, both.type()), "basis " + i + ": " + deviation);
            }
        }
        complements.forEach(Matrix::close);
        batch.forEach(Matrix::close);
    }

    /** Columns ±e_i for each ±i, counted from 1. */
    private static double[][] units(int in, int... indices) {
        double[][] basis = new double[in][indices.length];
        for (int col = 0; col < indices.length; col++) {
            basis[Math.abs(indices[col]) - 1][col] = Math.signum(indices[col]);
        }
        return basis;
    }

    /** More columns than a Cholesky pass takes: rounded to float32, and far from orthonormal. */
    @ParameterizedTest
    @CsvSource({"0", "0.01"})
    void orthonormalizesWideColumns(double noise) {
        int in = 160;
        int k = 131;
        double[][] noisy = Reference.add(Reference.orthonormal(in, k, 3), noise, Reference.gaussian(in, k, 1, 4));
        try (Matrix rounded = matrix(noisy, k, ElementType.F32);
                Matrix columns = linalg.convert(rounded, ElementType.F64)) {
            double[][] before = Reference.rows(columns);
            linalg.orthonormalize(List.of(columns));
            double[][] after = Reference.rows(columns);
            assertTrue(Reference.deviationFromOrthonormal(after, k) <= tolerance(in, k, ElementType.F64));
            double[][] coefficients = Reference.multiply(Reference.transpose(after, k), before, k);
            assertClose(before, Reference.multiply(after, coefficients, k), Reference.norm(before), 1e-12);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,F64", "1,F32", "17,F32", "17,F64", "97,F32", "101,F64"})
    void eighRebuildsTheMatrix(int n, ElementType type) {
        double[][] half = Reference.gaussian(n, n, 1, 10);
        double[][] symmetric = Reference.add(half, 1, Reference.transpose(half, n));
        try (Matrix m = matrix(symmetric, n, type);
                Eigen eigen = linalg.eigh(List.of(m)).get(0)) {
            double[][] vectors = Reference.rows(eigen.vectors());
            double tolerance = tolerance(n, n, type);
            assertTrue(Reference.deviationFromOrthonormal(vectors, n) <= tolerance);
            double[] values = eigen.values().toDoubles();
            double[][] scaled = Arrays.stream(vectors).map(double[]::clone).toArray(double[][]::new);
            for (double[] row : scaled) {
                for (int i = 0; i < n; i++) {
                    row[i] *= values[i];
                }
            }
            double[][] rebuilt = Reference.multiply(scaled, Reference.transpose(vectors, n), n);
            assertClose(symmetric, rebuilt, Reference.norm(symmetric), tolerance);
            assertDescending(values);
        }
    }

    /** Sizes, signs and magnitudes differ; one matrix is zero, one has no eigenvalue above 0, one is −I. */
    @Test
    void eighOfARaggedBatchIsThatOfItsProblems() {
        int[] sizes = {19, 0, 33, 1, 17, 33, 16};
        double[] scales = {1, 1, -1e-6, 1e9, 0, 1, 1};
        List<Matrix> batch = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            int n = sizes[i];
            double[][] half = Reference.gaussian(n, n, 1, i);
            double[][] square = Reference.multiply(Reference.transpose(half, n), half, n);
            double scale = scales[i];
            double[][] scaled = Arrays.stream(square)
                    .map(row -> Arrays.stream(row).map(value -> scale * value).toArray())
                    .toArray(double[][]::new);
            if (i == sizes.length - 1) {
                scaled = new double[n][n];
                for (int j = 0; j < n; j++) {
                    scaled[j][j] = -1;
                }
            }
            batch.add(matrix(scaled, n, i % 2 == 0 ? ElementType.F64 : ElementType.F32));
        }
        List<Eigen> together = linalg.eigh(batch);
        for (int i = 0; i < sizes.length; i++) {
            try (Eigen alone = linalg.eigh(List.of(batch.get(i))).get(0)) {
                double[] expected = alone.values().toDoubles();
                double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
                double[] values = together.get(i).values().toDoubles();
                assertArrayEquals(expected, values, tolerance(33, 33, ElementType.F64) * largest);
                double[][] vectors = Reference.rows(together.get(i).vectors());
                ElementType type = batch.get(i).type();
                double tolerance = tolerance(33, 33, type);
                assertTrue(Reference.deviationFromOrthonormal(vectors, sizes[i]) <= tolerance);
                double[][] images = Reference.multiply(Reference.rows(batch.get(i)), vectors, sizes[i]);
                for (double[] row : vectors) {
                    for (int j = 0; j < row.length; j++) {
                        row[j] *= values[j];
                    }
                }
                assertClose(vectors, images, largest * Math.sqrt(33), tolerance);
            }
        }
        together.forEach(Eigen::close);
        batch.forEach(Matrix::close);
    }

    @ParameterizedTest
    @CsvSource(textBlock = SHAPES)
    void svdRebuildsTheMatrix(int rows, int cols, ElementType type) {
        double[][] values = Reference.gaussian(rows, cols, 1, 11);
        try (Matrix m = matrix(values, cols, type);
                Svd svd = linalg.svd(List.of(m)).get(0)) {
            assertRebuilds(values, svd, tolerance(rows, cols, type));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1e30, 1e-30})
    void lowRankFindsADecayingSpectrumAtEveryScale(double scale) {
        int rows = 97;
        int cols = 61;
        int rank = 9;
        double[][] exact = Reference.decaying(rows, cols, rank, scale);
        try (Matrix m = matrix(exact, cols, ElementType.F32);
                LowRankFactors found = linalg.lowRank(List.of(LowRank.of(m, rank, 4 * rank, 4, 3)))
                        .get(0);
                Svd full = linalg.svd(List.of(m)).get(0)) {
            double tolerance = tolerance(rows, cols, ElementType.F32);
            assertRebuilds(exact, found, tolerance);
            double[] norms = rowNorms(found.right());
            for (int i = 0; i < rank; i++) {
                assertEquals(full.values()[i], norms[i], tolerance * full.values()[0]);
            }
        }
    }

    /** R of rank 9 outside a span of 31 of 97 directions, plus {@code inside} times as much inside it. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 5, 50, 1e4})
    void lowRankOfAProjectionNeverSeesTheSpan(double inside) {
        int rows = 97;
        int cols = 61;
        int k = 31;
        int rank = 9;
        double[][] directions = Reference.orthonormal(rows, k + rank, 20);
        double[][] span = Reference.columns(directions, 0, k);
        double[][] left = Reference.columns(directions, k, rank);
        double[][] within = Reference.multiply(span, Reference.gaussian(k, cols, 1, 21), cols);
        for (double[] row : left) {
            for (int i = 0; i < rank; i++) {
                row[i] *= Math.pow(2, -i);
            }
        }
        double[][] right = Reference.transpose(Reference.orthonormal(cols, rank, 22), rank);
        double[][] residual = Reference.multiply(left, right, cols);
        double share = inside * Reference.norm(residual) / Reference.norm(within);
        double[][] matrix = Reference.add(residual, share, within);
        double tolerance = tolerance(rows, cols, ElementType.F32) * (1 + inside);
        try (Matrix m = matrix(matrix, cols, ElementType.F32);
                Matrix basis = matrix(span, k, ElementType.F32);
                Matrix complement = linalg.complement(List.of(basis)).get(0)) {
            for (Projector projector : List.of(Projector.outOf(basis), Projector.onto(complement))) {
                LowRank problem = new LowRank(Optional.of(projector), m, rank, 4 * rank, 4, 3);
                try (LowRankFactors found = linalg.lowRank(List.of(problem)).get(0)) {
                    assertRebuilds(residual, found, tolerance);
                    double[][] overlap =
                            Reference.multiply(Reference.transpose(span, k), Reference.rows(found.left()), rank);
                    assertTrue(Reference.norm(overlap) <= tolerance(rows, k, ElementType.F32));
                }
            }
        }
    }

    @Test
    void lowRankOfNothingOutsideTheSpanIsOrthonormal() {
        try (Matrix basis = matrix(Reference.orthonormal(13, 5, 23), 5, ElementType.F32);
                Matrix inside = linalg.zeros(13, 7, ElementType.F32);
                Matrix mixing = matrix(Reference.gaussian(5, 7, 1, 24), 7, ElementType.F32)) {
            linalg.multiply(List.of(Product.of(inside, Operand.of(basis), Operand.of(mixing))));
            LowRank problem = new LowRank(Optional.of(Projector.outOf(basis)), inside, 3, 7, 4, 3);
            try (LowRankFactors found = linalg.lowRank(List.of(problem)).get(0)) {
                double tolerance = tolerance(13, 7, ElementType.F32);
                assertTrue(Reference.deviationFromOrthonormal(Reference.rows(found.left()), 3) <= tolerance);
                assertTrue(rowNorms(found.right())[0] <= tolerance * linalg.norms(List.of(inside))[0]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0,5,0", "1,1,1", "13,5,5", "5,13,3", "13,5,0"})
    void lowRankOfZeroAndOfTinyShapesIsOrthonormal(int rows, int cols, int rank) {
        try (Matrix m = linalg.zeros(rows, cols, ElementType.F32);
                LowRankFactors found = linalg.lowRank(List.of(LowRank.of(m, rank, 4 * rank, 4, 3)))
                        .get(0)) {
            assertEquals(rank, found.left().cols());
            assertTrue(Reference.deviationFromOrthonormal(Reference.rows(found.left()), rank)
                    <= tolerance(rows, cols, ElementType.F32));
            assertArrayEquals(new double[rank], rowNorms(found.right()));
        }
    }

    /** As the gradient of a text block, whose rank is at most the number of classes. */
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 33, 63})
    void lowRankOfAMatrixOfLessRankThanTheSketch(int exact) {
        int rows = 96;
        int cols = 80;
        int sketch = 64;
        double[][] values = Reference.multiply(
                Reference.gaussian(rows, exact, 1, 41), Reference.gaussian(exact, cols, 1, 42), cols);
        double[][] span = Reference.orthonormal(rows, 20, 43);
        double[][] within = Reference.multiply(Reference.transpose(span, 20), values, cols);
        double[][] outside = Reference.add(values, -1, Reference.multiply(span, within, cols));
        double tolerance = tolerance(rows, cols, ElementType.F32);
        try (Matrix m = matrix(values, cols, ElementType.F32);
                Matrix basis = matrix(span, 20, ElementType.F32)) {
            Optional<Projector> projector = Optional.of(Projector.outOf(basis));
            List<LowRankFactors> found = linalg.lowRank(List.of(
                    LowRank.of(m, exact, sketch, 4, 3),
                    LowRank.of(m, sketch, sketch, 4, 3),
                    new LowRank(projector, m, exact, sketch, 4, 3)));
            assertRebuilds(values, found.get(0), tolerance);
            assertRebuilds(outside, found.get(2), tolerance);
            double[][] left = Reference.rows(found.get(1).left());
            double[][] right = Reference.rows(found.get(1).right());
            assertTrue(Reference.deviationFromOrthonormal(left, sketch) <= tolerance);
            assertClose(values, Reference.multiply(left, right, cols), Reference.norm(values), tolerance);
            found.forEach(LowRankFactors::close);
        }
    }

    @Test
    void lowRankRepeatsItsBits() {
        double[][] values = Reference.gaussian(53, 41, 1, 12);
        try (Matrix m = matrix(values, 41, ElementType.F32);
                LowRankFactors one =
                        linalg.lowRank(List.of(LowRank.of(m, 8, 32, 4, 5))).get(0);
                LowRankFactors two =
                        linalg.lowRank(List.of(LowRank.of(m, 8, 32, 4, 5))).get(0)) {
            assertArrayEquals(one.left().toFloats(), two.left().toFloats());
            assertArrayEquals(one.right().toFloats(), two.right().toFloats());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"F32", "F64"})
    void orthonormalizesDependentColumnsToo(ElementType type) {
        int rows = 61;
        int cols = 9;
        double[][] independent = Reference.gaussian(rows, 5, 1, 13);
        double[][] mixing = Reference.gaussian(5, cols, 1, 14);
        for (double scale : new double[] {0, 1e-30, 1, 1e30}) {
            double[][] values = Reference.multiply(independent, mixing, cols);
            for (double[] row : values) {
                for (int j = 0; j < cols; j++) {
                    row[j] *= scale;
                }
            }
            try (Matrix m = matrix(values, cols, type)) {
                linalg.orthonormalize(List.of(m));
                double[][] q = Reference.rows(m);
                double tolerance = tolerance(rows, cols, type);
                assertTrue(Reference.deviationFromOrthonormal(q, cols) <= tolerance, "scale " + scale);
                double[][] inside = Reference.multiply(Reference.transpose(q, cols), values, cols);
                double[][] rebuilt = Reference.multiply(q, inside, cols);
                assertClose(values, rebuilt, Reference.norm(values), tolerance);
            }
        }
    }

    @Test
    void orthonormalizesNearlyDependentColumns() {
        int rows = 61;
        double[][] values = Reference.gaussian(rows, 3, 1, 15);
        for (double[] row : values) {
            row[2] = row[0] + 1e-9 * row[2];
        }
        try (Matrix m = matrix(values, 3, ElementType.F64)) {
            linalg.orthonormalize(List.of(m));
            assertTrue(Reference.deviationFromOrthonormal(Reference.rows(m), 3) <= tolerance(rows, 3, ElementType.F64));
        }
    }

    @Test
    void hugeButFiniteNumbersAreNotRefused() {
        float[] huge = new float[64];
        Arrays.fill(huge, Float.MAX_VALUE / 8);
        try (Matrix m = linalg.adopt(Matrix.copyOf(8, 8, huge));
                Svd svd = linalg.svd(List.of(m)).get(0)) {
            assertEquals(Float.MAX_VALUE, svd.values()[0], tolerance(8, 8, ElementType.F32) * Float.MAX_VALUE);
        }
    }

    private static void assertDescending(double[] values) {
        for (int i = 1; i < values.length; i++) {
            assertTrue(values[i - 1] >= values[i]);
        }
    }

    private static double[] rowNorms(Matrix matrix) {
        return Arrays.stream(Reference.rows(matrix))
                .mapToDouble(row -> Reference.norm(new double[][] {row}))
                .toArray();
    }

    private static void assertRebuilds(double[][] expected, LowRankFactors found, double tolerance) {
        int rank = found.left().cols();
        int cols = found.right().cols();
        double[][] left = Reference.rows(found.left());
        double[][] right = Reference.rows(found.right());
        double scale = Reference.norm(expected);
        assertTrue(Reference.deviationFromOrthonormal(left, rank) <= tolerance);
        assertDescending(rowNorms(found.right()));
        for (double[] row : right) {
            for (int j = 0; j < cols; j++) {
                row[j] /= scale;
            }
        }
        double[][] gram = Reference.multiply(right, Reference.transpose(right, cols), rank);
        for (int i = 0; i < rank; i++) {
            gram[i][i] = 0;
        }
        assertTrue(Reference.norm(gram) <= tolerance, "rows of right are orthogonal");
        for (double[] row : right) {
            for (int j = 0; j < cols; j++) {
                row[j] *= scale;
            }
        }
        assertClose(expected, Reference.multiply(left, right, cols), scale, tolerance);
    }

    private static void assertRebuilds(double[][] expected, Svd svd, double tolerance) {
        int p = svd.values().length;
        int cols = svd.right().cols();
        double[][] left = Reference.rows(svd.left());
        double[][] right = Reference.rows(svd.right());
        assertTrue(Reference.deviationFromOrthonormal(left, p) <= tolerance);
        assertTrue(Reference.deviationFromOrthonormal(Reference.transpose(right, cols), p) <= tolerance);
        assertDescending(svd.values());
        for (double[] row : left) {
            for (int i = 0; i < p; i++) {
                row[i] *= svd.values()[i];
            }
        }
        assertClose(expected, Reference.multiply(left, right, cols), Reference.norm(expected), tolerance);
    }
}
