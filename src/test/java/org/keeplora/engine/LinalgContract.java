package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every backend computes; a backend joins with one class that opens it. */
abstract class LinalgContract {
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

    private Linalg linalg;

    abstract Linalg open();

    @BeforeEach
    void openBackend() {
        linalg = open();
    }

    @AfterEach
    void closeBackend() {
        linalg.close();
    }

    /**
     * Rounding of sums over the longer side: unit roundoff times that length, times 8 for the few operations in a row, relative
     * to the norm of what is compared.
     */
    static double tolerance(int rows, int cols, ElementType type) {
        double unitRoundoff = type == ElementType.F32 ? Math.ulp(1f) / 2 : Math.ulp(1d) / 2;
        return 8 * unitRoundoff * Math.max(1, Math.max(rows, cols));
    }

    private static void assertClose(double[][] expected, double[][] actual, double scale, double tolerance) {
        double difference = Reference.norm(Reference.add(expected, -1, actual));
        assertTrue(difference <= tolerance * scale, () -> "differs by " + difference + " at scale " + scale);
    }

    private static double[][] orthonormal(int rows, int cols, long seed) {
        double[][] q = Reference.transpose(Reference.gaussian(rows, cols, 1, seed), cols);
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
                double norm = Reference.norm(new double[][] {q[i]});
                for (int k = 0; k < rows; k++) {
                    q[i][k] /= norm;
                }
            }
        }
        return Reference.transpose(q, rows);
    }

    @ParameterizedTest
    @CsvSource(textBlock = SHAPES)
    void multipliesInEveryOrientation(int m, int n, ElementType type) {
        int k = 11;
        double[][] left = Reference.gaussian(m, k, 1, 1);
        double[][] right = Reference.gaussian(k, n, 1, 2);
        double[][] before = Reference.gaussian(m, n, 1, 3);
        double[][] expected = Reference.add(Reference.multiply(left, right, n), -1, before);
        try (Matrix a = Reference.matrix(left, k, type);
                Matrix at = Reference.matrix(Reference.transpose(left, k), m, type);
                Matrix b = Reference.matrix(right, n, type);
                Matrix bt = Reference.matrix(Reference.transpose(right, n), k, type);
                Matrix c = Reference.matrix(before, n, type);
                Matrix d = Reference.matrix(before, n, type)) {
            linalg.multiply(List.of(
                    new Product(Operand.of(a), Operand.of(b), c, 1, -1),
                    new Product(Operand.transposed(at), Operand.transposed(bt), d, 1, -1)));
            double scale = Reference.norm(left) * Reference.norm(right) + 1;
            assertClose(expected, Reference.rows(c), scale, tolerance(k, k, type));
            assertClose(expected, Reference.rows(d), scale, tolerance(k, k, type));
        }
    }

    @Test
    void productOverNothingScalesTheTarget() {
        try (Matrix a = Matrix.zeros(2, 0, ElementType.F32);
                Matrix b = Matrix.zeros(0, 3, ElementType.F32);
                Matrix c = Matrix.copyOf(2, 3, new float[] {1, 2, 3, 4, 5, 6})) {
            linalg.multiply(List.of(new Product(Operand.of(a), Operand.of(b), c, 1, 0.5)));
            assertArrayEquals(new float[] {0.5f, 1, 1.5f, 2, 2.5f, 3}, c.toFloats());
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,0", "1,3,1", "13,7,0", "13,7,5", "13,29,13", "97,31,60", "64,96,20"})
    void projectsOutOfASpanAndOntoItsComplementAlike(int in, int out, int k) {
        double[][] basis = orthonormal(in, k, 5);
        double[][] target = Reference.gaussian(in, out, 1, 6);
        double[][] coefficients = Reference.multiply(Reference.transpose(basis, k), target, out);
        double[][] expected = Reference.add(target, -1, Reference.multiply(basis, coefficients, out));
        try (Matrix m = Reference.matrix(basis, k, ElementType.F32);
                Matrix removed = Reference.matrix(target, out, ElementType.F32);
                Matrix kept = Reference.matrix(target, out, ElementType.F32);
                Matrix q = linalg.complement(List.of(m)).get(0)) {
            assertEquals(in - k, q.cols());
            linalg.projectOut(List.of(Projection.outOf(m, removed), Projection.onto(q, kept)));
            double tolerance = tolerance(in, out, ElementType.F32);
            assertClose(expected, Reference.rows(removed), Reference.norm(target), tolerance);
            assertClose(expected, Reference.rows(kept), Reference.norm(target), tolerance);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,0", "1,1", "7,0", "7,7", "31,12", "97,60"})
    void complementIsOrthonormalAndOrthogonalToTheBasis(int in, int k) {
        double[][] basis = orthonormal(in, k, 7);
        try (Matrix m = Reference.matrix(basis, k, ElementType.F64);
                Matrix q = linalg.complement(List.of(m)).get(0);
                Matrix both = linalg.concatColumns(m, q)) {
            assertTrue(
                    Reference.deviationFromOrthonormal(Reference.rows(both), in) <= tolerance(in, k, ElementType.F64));
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = SHAPES)
    void accumulatesGramInFloat64(int n, int in, ElementType type) {
        double[][] samples = Reference.gaussian(n, in, 1, 8);
        try (Matrix x = Reference.matrix(samples, in, type);
                Matrix gram = Matrix.zeros(in, in, ElementType.F64)) {
            double[][] stored = Reference.rows(x);
            double[][] once = Reference.multiply(Reference.transpose(stored, in), stored, in);
            linalg.accumulateGram(List.of(new GramUpdate(x, gram)));
            linalg.accumulateGram(List.of(new GramUpdate(x, gram)));
            double[][] actual = Reference.rows(gram);
            double tolerance = tolerance(n, in, ElementType.F64);
            assertClose(Reference.add(once, 1, once), actual, 2 * Reference.norm(once) + 1e-300, tolerance);
            assertArrayEquals(Reference.transpose(actual, in), actual, "symmetric to the bit");
        }
    }

    @Test
    void gramOfVitFeaturesHasTheirEnergyAndSpectrum() {
        int n = 12608;
        int in = 768;
        float[] samples = new float[n * in];
        java.util.Random random = new java.util.Random(9);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (random.nextGaussian() / (1 + i % in));
        }
        double energy = 0;
        double corner = 0;
        for (int i = 0; i < samples.length; i++) {
            energy += (double) samples[i] * samples[i];
            corner += i % in == 0 ? (double) samples[i] * samples[i + in - 1] : 0;
        }
        try (Matrix x = Matrix.copyOf(n, in, samples);
                Matrix gram = Matrix.zeros(in, in, ElementType.F64)) {
            linalg.accumulateGram(List.of(new GramUpdate(x, gram)));
            double tolerance = tolerance(n, in, ElementType.F64);
            double trace = 0;
            for (int i = 0; i < in; i++) {
                trace += gram.get(i, i);
            }
            assertEquals(energy, trace, tolerance * energy);
            assertEquals(corner, gram.get(0, in - 1), tolerance * energy);
            try (Eigen eigen = linalg.eigh(List.of(gram)).get(0)) {
                assertEquals(energy, Arrays.stream(eigen.values()).sum(), tolerance * energy);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0,F64", "1,F32", "17,F32", "17,F64", "97,F32", "101,F64"})
    void eighRebuildsTheMatrix(int n, ElementType type) {
        double[][] half = Reference.gaussian(n, n, 1, 10);
        double[][] symmetric = Reference.add(half, 1, Reference.transpose(half, n));
        try (Matrix m = Reference.matrix(symmetric, n, type);
                Eigen eigen = linalg.eigh(List.of(m)).get(0)) {
            double[][] vectors = Reference.rows(eigen.vectors());
            double tolerance = tolerance(n, n, type);
            assertTrue(Reference.deviationFromOrthonormal(vectors, n) <= tolerance);
            double[][] scaled = Arrays.stream(vectors).map(double[]::clone).toArray(double[][]::new);
            for (double[] row : scaled) {
                for (int i = 0; i < n; i++) {
                    row[i] *= eigen.values()[i];
                }
            }
            double[][] rebuilt = Reference.multiply(scaled, Reference.transpose(vectors, n), n);
            assertClose(symmetric, rebuilt, Reference.norm(symmetric), tolerance);
            assertDescending(eigen.values());
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = SHAPES)
    void svdRebuildsTheMatrix(int rows, int cols, ElementType type) {
        double[][] values = Reference.gaussian(rows, cols, 1, 11);
        try (Matrix m = Reference.matrix(values, cols, type);
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
        double[][] exact = decaying(rows, cols, rank, scale);
        try (Matrix m = Reference.matrix(exact, cols, ElementType.F32);
                Svd svd = linalg.lowRank(List.of(new LowRank(m, rank, 4 * rank, 4, 3)))
                        .get(0);
                Svd full = linalg.svd(List.of(m)).get(0)) {
            double tolerance = tolerance(rows, cols, ElementType.F32);
            assertRebuilds(exact, svd, tolerance);
            for (int i = 0; i < rank; i++) {
                assertEquals(full.values()[i], svd.values()[i], tolerance * full.values()[0]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0,5,0", "1,1,1", "13,5,5", "5,13,3", "13,5,0"})
    void lowRankOfZeroAndOfTinyShapesIsOrthonormal(int rows, int cols, int rank) {
        try (Matrix m = Matrix.zeros(rows, cols, ElementType.F32);
                Svd svd = linalg.lowRank(List.of(new LowRank(m, rank, 4 * rank, 4, 3)))
                        .get(0)) {
            assertEquals(rank, svd.left().cols());
            assertEquals(rank, svd.right().rows());
            assertTrue(Reference.deviationFromOrthonormal(Reference.rows(svd.left()), rank)
                    <= tolerance(rows, cols, ElementType.F32));
            assertArrayEquals(new double[rank], svd.values());
        }
    }

    @Test
    void lowRankRepeatsItsBits() {
        double[][] values = Reference.gaussian(53, 41, 1, 12);
        try (Matrix m = Reference.matrix(values, 41, ElementType.F32);
                Svd one = linalg.lowRank(List.of(new LowRank(m, 8, 32, 4, 5))).get(0);
                Svd two = linalg.lowRank(List.of(new LowRank(m, 8, 32, 4, 5))).get(0)) {
            assertArrayEquals(one.left().toFloats(), two.left().toFloats());
            assertArrayEquals(one.right().toFloats(), two.right().toFloats());
        }
    }

    @ParameterizedTest
    @EnumSource(ElementType.class)
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
            try (Matrix m = Reference.matrix(values, cols, type)) {
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
        try (Matrix m = Reference.matrix(values, 3, ElementType.F64)) {
            linalg.orthonormalize(List.of(m));
            assertTrue(Reference.deviationFromOrthonormal(Reference.rows(m), 3) <= tolerance(rows, 3, ElementType.F64));
        }
    }

    @Test
    void energyRankCountsUpToTheShare() {
        double[] energies = {5, 3, 1, 1};
        assertArrayEquals(
                new int[] {0, 1, 2, 4, 0, 1, 4, 0},
                linalg.energyRank(List.of(
                        new Spectrum(energies, 10, 0, 0),
                        new Spectrum(energies, 10, 0, 0.5),
                        new Spectrum(energies, 10, 0, 0.51),
                        new Spectrum(energies, 10, 0, 1),
                        new Spectrum(energies, 20, 10, 0.5),
                        new Spectrum(energies, 20, 10, 0.75),
                        new Spectrum(energies, 99, 0, 1),
                        new Spectrum(new double[0], 0, 0, 1))));
    }

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void addsAMultiple(ElementType type) {
        double[][] term = Reference.gaussian(7, 5, 1, 18);
        double[][] target = Reference.gaussian(7, 5, 1, 19);
        try (Matrix x = Reference.matrix(term, 5, type);
                Matrix y = Reference.matrix(target, 5, type)) {
            linalg.add(List.of(new Addition(x, -0.25, y)));
            double scale = Reference.norm(term) + Reference.norm(target);
            assertClose(Reference.add(target, -0.25, term), Reference.rows(y), scale, tolerance(1, 1, type));
        }
    }

    @Test
    void reordersAndConvertsColumns() {
        try (Matrix m = Matrix.copyOf(2, 3, new float[] {1, 2, 3, 4, 5, 6});
                Matrix last = linalg.columns(m, 1, 2);
                Matrix both = linalg.concatColumns(m, last);
                Matrix transposed = linalg.transpose(m);
                Matrix wide = linalg.convert(m, ElementType.F64)) {
            assertArrayEquals(new float[] {2, 3, 5, 6}, last.toFloats());
            assertArrayEquals(new float[] {1, 2, 3, 2, 3, 4, 5, 6, 5, 6}, both.toFloats());
            assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, transposed.toFloats());
            assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, wide.toDoubles());
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void refusesWhatIsNotFiniteAndNamesIt(float bad) {
        try (Matrix broken = Matrix.copyOf(2, 2, new float[] {1, 2, bad, 4});
                Matrix fine = Matrix.copyOf(2, 2, new float[] {1, 0, 0, 1});
                Matrix gram = Matrix.zeros(2, 2, ElementType.F64)) {
            assertNamed(
                    "multiply: right",
                    () -> linalg.multiply(List.of(Product.of(Operand.of(fine), Operand.of(broken), fine))));
            assertNamed("projectOut: basis", () -> linalg.projectOut(List.of(Projection.outOf(broken, fine))));
            assertNamed("projectOut: target", () -> linalg.projectOut(List.of(Projection.outOf(fine, broken))));
            assertNamed("accumulateGram: samples", () -> linalg.accumulateGram(List.of(new GramUpdate(broken, gram))));
            assertNamed("complement: matrix", () -> linalg.complement(List.of(broken)));
            assertNamed("eigh: matrix", () -> linalg.eigh(List.of(broken)));
            assertNamed("svd: matrix", () -> linalg.svd(List.of(broken)));
            assertNamed("lowRank: matrix", () -> linalg.lowRank(List.of(new LowRank(broken, 1, 2, 1, 0))));
            assertNamed("orthonormalize: matrix", () -> linalg.orthonormalize(List.of(broken)));
        }
    }

    @Test
    void hugeButFiniteNumbersAreNotRefused() {
        float[] huge = new float[64];
        Arrays.fill(huge, Float.MAX_VALUE / 8);
        try (Matrix m = Matrix.copyOf(8, 8, huge);
                Svd svd = linalg.svd(List.of(m)).get(0)) {
            assertEquals(Float.MAX_VALUE, svd.values()[0], tolerance(8, 8, ElementType.F32) * Float.MAX_VALUE);
        }
    }

    @Test
    void shapeErrorsNameBothShapes() {
        try (Matrix tall = Matrix.zeros(5, 2, ElementType.F32);
                Matrix wide = Matrix.zeros(3, 4, ElementType.F32);
                Matrix exact = Matrix.zeros(5, 2, ElementType.F64)) {
            assertShapes(() -> linalg.projectOut(List.of(Projection.outOf(tall, wide))), "[5 x 2] F32", "[3 x 4] F32");
            assertShapes(() -> linalg.projectOut(List.of(Projection.outOf(tall, exact))), "F32", "F64");
            assertShapes(
                    () -> linalg.multiply(List.of(Product.of(Operand.of(tall), Operand.transposed(wide), tall))),
                    "[5 x 2] F32",
                    "[3 x 4] F32ᵀ");
            assertShapes(
                    () -> linalg.accumulateGram(List.of(new GramUpdate(tall, wide))), "[5 x 2] F32", "[3 x 4] F32");
            assertShapes(() -> linalg.eigh(List.of(wide)), "[3 x 4] F32");
            assertShapes(() -> linalg.orthonormalize(List.of(wide)), "[3 x 4] F32");
            assertShapes(() -> linalg.lowRank(List.of(new LowRank(tall, 3, 4, 1, 0))), "rank 3", "[5 x 2] F32");
            assertShapes(() -> linalg.concatColumns(tall, wide), "[5 x 2] F32", "[3 x 4] F32");
        }
    }

    private static void assertNamed(String operand, Runnable operation) {
        String message = assertThrows(NonFiniteInput.class, operation::run).getMessage();
        assertTrue(message.startsWith(operand), message);
    }

    private static void assertShapes(Runnable operation, String... parts) {
        String message = assertThrows(ShapeMismatch.class, operation::run).getMessage();
        Arrays.stream(parts).forEach(part -> assertTrue(message.contains(part), message));
    }

    private static void assertDescending(double[] values) {
        for (int i = 1; i < values.length; i++) {
            assertTrue(values[i - 1] >= values[i]);
        }
    }

    /** Rank {@code rank} exactly, singular values scale · 2^-i. */
    private static double[][] decaying(int rows, int cols, int rank, double scale) {
        double[][] left = orthonormal(rows, rank, 16);
        for (double[] row : left) {
            for (int i = 0; i < rank; i++) {
                row[i] *= scale * Math.pow(2, -i);
            }
        }
        return Reference.multiply(left, Reference.transpose(orthonormal(cols, rank, 17), rank), cols);
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
