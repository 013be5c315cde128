package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.ShortPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.Assembly;
import org.keeplora.engine.internal.Assembly.Columns;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.EnergyRank;
import org.keeplora.engine.internal.Factors;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.Spectrum;

/**
 * The operations that every backend must compute. A backend joins with one class that
 * opens it.
 */
abstract class LinalgContract extends ArgumentContract {
    @ParameterizedTest
    @CsvSource(textBlock = SHAPES)
    void multipliesInEveryOrientation(int m, int n, ElementType type) {
        int k = 11;
        double[][] left = Reference.gaussian(m, k, 1, 1);
        double[][] right = Reference.gaussian(k, n, 1, 2);
        double[][] before = Reference.gaussian(m, n, 1, 3);
        double[][] expected = Reference.add(Reference.multiply(left, right, n), -1, before);
        try (Matrix a = matrix(left, k, type);
                Matrix at = matrix(Reference.transpose(left, k), m, type);
                Matrix b = matrix(right, n, type);
                Matrix bt = matrix(Reference.transpose(right, n), k, type);
                Matrix c = matrix(before, n, type);
                Matrix d = matrix(before, n, type)) {
            linalg.multiply(List.of(
                    new Product(c, 1, Operand.of(a), Operand.of(b), -1),
                    new Product(d, 1, Operand.transposed(at), Operand.transposed(bt), -1)));
            double scale = Reference.norm(left) * Reference.norm(right) + 1;
            assertClose(expected, Reference.rows(c), scale, tolerance(k, k, type));
            assertClose(expected, Reference.rows(d), scale, tolerance(k, k, type));
        }
    }

    @Test
    void productOverNothingScalesTheTarget() {
        try (Matrix a = linalg.zeros(2, 0, ElementType.F32);
                Matrix b = linalg.zeros(0, 3, ElementType.F32);
                Matrix c = linalg.adopt(Matrix.copyOf(2, 3, new float[] {1, 2, 3, 4, 5, 6}))) {
            linalg.multiply(List.of(new Product(c, 1, Operand.of(a), Operand.of(b), 0.5)));
            assertArrayEquals(new float[] {0.5f, 1, 1.5f, 2, 2.5f, 3}, c.toFloats());
        }
    }

    @Test
    void computesInTheCallersMemoryAndLeavesItOpen() {
        try (Matrix floats = linalg.adopt(Matrix.copyOf(2, 2, new float[] {1, 2, 3, 4}));
                Matrix doubles = linalg.adopt(Matrix.copyOf(1, 2, new double[] {1, 2}))) {
            try (Matrix same = linalg.wrap(2, 2, floats.floats());
                    Matrix first = linalg.wrap(1, 2, floats.floats());
                    Matrix wide = linalg.wrap(1, 2, doubles.doubles())) {
                Matrix term = linalg.copyOf(same);
                Matrix row = linalg.wrap(1, 2, term.floats());
                Matrix exact = linalg.copyOf(wide);
                linalg.add(List.of(new Addition(same, 1, term)));
                linalg.add(List.of(new Addition(first, 2, row)));
                linalg.add(List.of(new Addition(wide, 2, exact)));
                List.of(term, row, exact).forEach(Matrix::close);
                assertThrows(ShapeMismatch.class, () -> linalg.wrap(3, 2, floats.floats()));
            }
            assertArrayEquals(new float[] {4, 8, 6, 8}, floats.toFloats());
            assertArrayEquals(new double[] {3, 6}, doubles.toDoubles());
        }
    }

    /**
     * Bits of 1.5, −2, 2⁻¹⁴ and the smallest number above zero, 2⁻²⁴, in IEEE half precision; of 1.5, −2, 2⁻¹⁴, 2⁻¹²⁶
     * in bfloat16.
     */
    @ParameterizedTest
    @CsvSource({
        "F16, 3E00, C000, 0400, 0001, 5.9604644775390625E-8",
        "BF16, 3FC0, C000, 3880, 0080, 1.1754943508222875E-38"
    })
    void samplesOfHalfPrecisionAreReadAsTheyAre(
            ElementType type, String one, String two, String three, String four, double smallest) {
        double[] values = {1.5, -2, 0x1p-14, smallest};
        try (Matrix samples = halves(type, one, two, three, four);
                Matrix gram = linalg.zeros(2, 2, ElementType.F64);
                Matrix widened = linalg.convert(samples, ElementType.F64);
                Matrix floats = linalg.convert(samples, ElementType.F32)) {
            assertArrayEquals(values, widened.toDoubles());
            assertArrayEquals(values, floats.toDoubles());
            linalg.accumulateGram(List.of(new GramUpdate(gram, samples)));
            linalg.mirror(List.of(gram));
            double corner = values[0] * values[0] + values[2] * values[2];
            double side = values[0] * values[1] + values[2] * values[3];
            double other = values[1] * values[1] + values[3] * values[3];
            assertArrayEquals(new double[] {corner, side, side, other}, gram.toDoubles());
        }
    }

    /** [2 x 2]; keeps its memory alive. */
    private Matrix halves(ElementType type, String... bits) {
        short[] values = new short[bits.length];
        for (int i = 0; i < bits.length; i++) {
            values[i] = (short) Integer.parseInt(bits[i], 16);
        }
        return linalg.adopt(Matrix.wrap(2, 2, new ShortPointer(values), type));
    }

    @ParameterizedTest
    @CsvSource({"F16, 7C00", "F16, FE00", "BF16, FF80", "BF16, 7FC0"})
    void halvesAreSamplesOnlyAndMustBeFinite(ElementType type, String bad) {
        try (Matrix samples = halves(type, "0000", "0000", "0000", bad);
                Matrix gram = linalg.zeros(2, 2, ElementType.F64)) {
            assertThrows(NonFiniteInput.class, () -> linalg.accumulateGram(List.of(new GramUpdate(gram, samples))));
            assertArrayEquals(new double[4], gram.toDoubles());
            String use = assertThrows(ShapeMismatch.class, () -> linalg.transpose(samples))
                    .getMessage();
            assertEquals(
                    "transpose: matrix is [2 x 2] " + type
                            + "; half-precision matrices are samples of accumulateGram, Linalg.convert widens them",
                    use);
            assertThrows(IllegalArgumentException.class, () -> linalg.convert(gram, type));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,0", "1,3,1", "13,7,0", "13,7,5", "13,29,13", "97,31,60", "64,96,20"})
    void projectsOutOfASpanAndOntoItsComplementAlike(int in, int out, int k) {
        double[][] basis = Reference.orthonormal(in, k, 5);
        double[][] target = Reference.gaussian(in, out, 1, 6);
        double[][] coefficients = Reference.multiply(Reference.transpose(basis, k), target, out);
        double[][] expected = Reference.add(target, -1, Reference.multiply(basis, coefficients, out));
        try (Matrix m = matrix(basis, k, ElementType.F32);
                Matrix removed = matrix(target, out, ElementType.F32);
                Matrix kept = matrix(target, out, ElementType.F32);
                Matrix q = linalg.complement(List.of(m)).get(0)) {
            assertEquals(in - k, q.cols());
            linalg.projectOut(
                    List.of(new Projection(removed, Projector.outOf(m)), new Projection(kept, Projector.onto(q))));
            double tolerance = tolerance(in, out, ElementType.F32);
            assertClose(expected, Reference.rows(removed), Reference.norm(target), tolerance);
            assertClose(expected, Reference.rows(kept), Reference.norm(target), tolerance);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = SHAPES)
    void accumulatesGramInFloat64(int n, int in, ElementType type) {
        double[][] samples = Reference.gaussian(n, in, 1, 8);
        try (Matrix x = matrix(samples, in, type);
                Matrix gram = linalg.zeros(in, in, ElementType.F64)) {
            double[][] stored = Reference.rows(x);
            double[][] once = Reference.multiply(Reference.transpose(stored, in), stored, in);
            linalg.accumulateGram(List.of(new GramUpdate(gram, x)));
            linalg.accumulateGram(List.of(new GramUpdate(gram, x)));
            linalg.mirror(List.of(gram));
            double[][] actual = Reference.rows(gram);
            double tolerance = tolerance(n, in, ElementType.F64);
            assertClose(Reference.add(once, 1, once), actual, 2 * Reference.norm(once) + 1e-300, tolerance);
            assertArrayEquals(Reference.transpose(actual, in), actual, "symmetric to the bit");
        }
    }

    @Test
    void assemblesColumnsOfSeveralTypes() {
        try (Matrix one = linalg.adopt(Matrix.copyOf(2, 3, new double[] {1, 2, 3, 4, 5, 6}));
                Matrix other = linalg.adopt(Matrix.copyOf(2, 1, new float[] {7, 8}));
                Matrix huge = linalg.adopt(Matrix.copyOf(1, 1, new double[] {1e300}));
                Matrix halves = halves(ElementType.BF16, "3FC0", "C000", "3F80", "0000")) {
            List<Matrix> made = linalg.assemble(List.of(
                    Assembly.of(ElementType.F64, new Columns(one, 1, 2), Columns.of(other), new Columns(one, 0, 0)),
                    Assembly.of(ElementType.F32, Columns.of(other), new Columns(one, 0, 1)),
                    Assembly.of(ElementType.F32, huge),
                    Assembly.of(ElementType.F64, new Columns(halves, 1, 1), Columns.of(other)),
                    Assembly.of(ElementType.F64, new Columns(one, 3, 0))));
            assertArrayEquals(new double[] {2, 3, 7, 5, 6, 8}, made.get(0).toDoubles());
            assertEquals(ElementType.F32, made.get(1).type());
            assertArrayEquals(new double[] {7, 1, 8, 4}, made.get(1).toDoubles());
            assertArrayEquals(
                    new double[] {Double.POSITIVE_INFINITY}, made.get(2).toDoubles());
            assertArrayEquals(new double[] {-2, 7, 0, 8}, made.get(3).toDoubles());
            assertEquals("[2 x 0] F64", made.get(4).toString());
            made.forEach(Matrix::close);
        }
    }

    @Test
    void productsAreNewMatrices() {
        double[][] a = Reference.gaussian(13, 7, 1, 1);
        double[][] b = Reference.gaussian(13, 5, 1, 2);
        try (Matrix left = matrix(a, 7, ElementType.F64);
                Matrix right = matrix(b, 5, ElementType.F64);
                Matrix nothing = linalg.zeros(0, 3, ElementType.F64)) {
            List<Matrix> made = linalg.products(List.of(
                    new Factors(Operand.transposed(left), Operand.of(right)),
                    new Factors(Operand.transposed(nothing), Operand.of(nothing))));
            double[][] expected = Reference.multiply(Reference.transpose(a, 7), b, 5);
            assertClose(
                    expected, Reference.rows(made.get(0)), Reference.norm(expected), tolerance(13, 7, ElementType.F64));
            assertArrayEquals(new double[9], made.get(1).toDoubles());
            made.forEach(Matrix::close);
        }
    }

    @Test
    void elementsAreNotLookedAtIfTrusted() {
        try (Matrix broken = linalg.adopt(Matrix.copyOf(1, 2, new double[] {1, Double.NaN}));
                Matrix target = linalg.zeros(1, 2, ElementType.F64)) {
            List<Addition> batch = List.of(new Addition(target, 2, broken));
            assertThrows(NonFiniteInput.class, () -> linalg.add(batch));
            linalg.trusting().add(batch);
            assertArrayEquals(new double[] {2, Double.NaN}, target.toDoubles());
            List<Addition> overlapping = List.of(new Addition(target, 1, target));
            assertThrows(IllegalArgumentException.class, () -> linalg.trusting().add(overlapping));
        }
    }

    @Test
    void mirrorsTheUpperTrianglesOfABatch() {
        try (Matrix one = linalg.adopt(Matrix.copyOf(2, 2, new double[] {1, 2, Double.NaN, 4}));
                Matrix other = linalg.adopt(Matrix.copyOf(3, 3, new double[] {1, 2, 3, 0, 5, 6, 0, 0, 9}));
                Matrix empty = linalg.zeros(0, 0, ElementType.F64)) {
            linalg.mirror(List.of(one, empty, other));
            assertArrayEquals(new double[] {1, 2, 2, 4}, one.toDoubles());
            assertArrayEquals(new double[] {1, 2, 3, 2, 5, 6, 3, 6, 9}, other.toDoubles());
        }
    }

    @Test
    void addsTheTransposesOfABatch() {
        double[][] values = Reference.gaussian(67, 67, 1, 9);
        try (Matrix one = linalg.adopt(Matrix.copyOf(2, 2, new double[] {1, 2, 3, 4}));
                Matrix other = matrix(values, 67, ElementType.F64);
                Matrix empty = linalg.zeros(0, 0, ElementType.F64)) {
            linalg.addTransposes(List.of(one, empty, other));
            assertArrayEquals(new double[] {2, 5, 5, 8}, one.toDoubles());
            assertArrayEquals(Reference.add(values, 1, Reference.transpose(values, 67)), Reference.rows(other));
        }
    }

    @ParameterizedTest
    @CsvSource({"F32, 1300, 70", "F32, 512, 33", "F16, 3, 5", "F64, 600, 40"})
    void sumsProductsOfBlocksInFloat32IfAsked(ElementType type, int n, int in) {
        double[][] samples = Reference.gaussian(n, in, 1, 8);
        try (Matrix x = type.isHalf() ? halves(type, "3C00", "4000", "BC00", "3800") : matrix(samples, in, type);
                Matrix gram = linalg.zeros(x.cols(), x.cols(), ElementType.F64);
                Matrix exact = linalg.zeros(x.cols(), x.cols(), ElementType.F64)) {
            linalg.accumulateGram(
                    List.of(new GramUpdate(gram, x, ElementType.F32), new GramUpdate(exact, x, ElementType.F64)));
            linalg.accumulateGram(
                    List.of(new GramUpdate(gram, x, ElementType.F32), new GramUpdate(exact, x, ElementType.F64)));
            linalg.mirror(List.of(gram, exact));
            double[][] expected = Reference.rows(exact);
            double[][] actual = Reference.rows(gram);
            assertClose(
                    expected, actual, Reference.norm(expected), tolerance(GramUpdate.SINGLE_ROWS, 1, ElementType.F32));
            assertArrayEquals(Reference.transpose(actual, x.cols()), actual, "symmetric to the bit");
            assertEquals(type != ElementType.F32, Arrays.deepEquals(expected, actual));
        }
    }

    @Test
    void squaresBeyondFloat32AreRefusedIfProductsAreFloat32() {
        try (Matrix x = linalg.adopt(Matrix.copyOf(1, 1, new float[] {1e19f}));
                Matrix gram = linalg.zeros(1, 1, ElementType.F64)) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> linalg.accumulateGram(List.of(new GramUpdate(gram, x, ElementType.F32))));
            linalg.accumulateGram(List.of(new GramUpdate(gram, x)));
            assertEquals((double) 1e19f * 1e19f, gram.toDoubles()[0]);
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
        try (Matrix x = linalg.adopt(Matrix.copyOf(n, in, samples));
                Matrix gram = linalg.zeros(in, in, ElementType.F64)) {
            linalg.accumulateGram(List.of(new GramUpdate(gram, x)));
            double tolerance = tolerance(n, in, ElementType.F64);
            double[] stored = gram.toDoubles();
            double trace = 0;
            for (int i = 0; i < in; i++) {
                trace += stored[i * in + i];
            }
            assertEquals(energy, trace, tolerance * energy);
            assertEquals(corner, stored[in - 1], tolerance * energy);
            try (Eigen eigen = linalg.eigh(List.of(gram)).get(0)) {
                assertEquals(energy, Arrays.stream(eigen.values().toDoubles()).sum(), tolerance * energy);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0.5,1", "0.51,2", "0.8,2", "0.81,3", "1,4"})
    void energyRankCountsUpToTheShare(double share, int rank) {
        double[] sums = {0, 5, 8, 9, 10};
        try (Matrix energies = column(5, 3, 1, 1)) {
            EnergyRank found =
                    linalg.energyRanks(List.of(Spectrum.of(energies, share))).get(0);
            assertEquals(new EnergyRank(rank, 0, sums[rank] / 10), found);
        }
    }

    /** The total is 20; ten are covered before the first energy. */
    @ParameterizedTest
    @CsvSource({"0.5,0", "0.75,1", "0.76,2", "1,4"})
    void energyRankCountsOnFromWhatIsCovered(double share, int rank) {
        double[] sums = {10, 15, 18, 19, 20};
        try (Matrix energies = column(5, 3, 1, 1, -1e-9);
                Matrix moment = linalg.adopt(Matrix.copyOf(2, 2, new double[] {13, 4, 4, 7}));
                Matrix nothing = column();
                Matrix zero = linalg.zeros(2, 2, ElementType.F64)) {
            List<EnergyRank> found = linalg.energyRanks(List.of(
                    Spectrum.leftOf(energies, share, moment),
                    Spectrum.leftOf(energies, share, zero),
                    Spectrum.of(nothing, share)));
            assertEquals(new EnergyRank(rank, 0.5, sums[rank] / 20), found.get(0));
            assertEquals(new EnergyRank(0, 1, 1), found.get(1));
            assertEquals(new EnergyRank(0, 1, 1), found.get(2));
        }
    }

    @Test
    void energyRankTakesAllWhereNoneReachesTheShare() {
        try (Matrix energies = column(0.1, 0.1, 0.1);
                Matrix moment = linalg.adopt(Matrix.copyOf(1, 1, new double[] {0.1 + 0.1 + 0.1}))) {
            EnergyRank found = linalg.energyRanks(List.of(Spectrum.leftOf(energies, 1, moment)))
                    .get(0);
            assertEquals(new EnergyRank(3, 0, 1), found);
        }
    }

    private Matrix column(double... values) {
        return linalg.adopt(Matrix.copyOf(values.length, 1, values));
    }

    @ParameterizedTest
    @CsvSource({"0,5,F32", "1,1,F64", "13,7,F32", "31,29,F64"})
    void normsAndLargestMagnitudes(int rows, int cols, ElementType type) {
        double[][] values = Reference.gaussian(rows, cols, 1, 25);
        double largest = 0;
        if (rows > 0) {
            values[rows - 1][cols - 1] = -9;
            largest = 9;
        }
        try (Matrix m = matrix(values, cols, type);
                Matrix zero = linalg.zeros(2, 3, type)) {
            double[] norms = linalg.norms(List.of(m, zero));
            assertEquals(Reference.norm(values), norms[0], tolerance(rows, cols, type) * norms[0]);
            assertEquals(0, norms[1]);
            assertArrayEquals(new double[] {largest, 0}, linalg.largestMagnitudes(List.of(m, zero)));
        }
    }

    @Test
    void copiesAndAdoptsWhatLiesOnTheHost() {
        float[] values = {1, 2, 3, 4, 5, 6};
        try (Matrix host = Matrix.copyOf(2, 3, values);
                Matrix copy = linalg.copyOf(host);
                Matrix again = linalg.copyOf(copy);
                Matrix back = again.toHost()) {
            assertEquals(linalg.place(), copy.place());
            assertEquals(linalg.place(), again.place());
            assertEquals(Place.HOST, back.place());
            assertArrayEquals(values, again.toFloats());
            assertArrayEquals(values, back.toFloats());
            assertEquals(copy, linalg.adopt(copy));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"F32", "F64"})
    void addsAMultiple(ElementType type) {
        double[][] term = Reference.gaussian(7, 5, 1, 18);
        double[][] target = Reference.gaussian(7, 5, 1, 19);
        try (Matrix x = matrix(term, 5, type);
                Matrix y = matrix(target, 5, type)) {
            linalg.add(List.of(new Addition(y, -0.25, x)));
            double scale = Reference.norm(term) + Reference.norm(target);
            assertClose(Reference.add(target, -0.25, term), Reference.rows(y), scale, tolerance(1, 1, type));
        }
    }

    @Test
    void reordersAndConvertsColumns() {
        try (Matrix m = linalg.adopt(Matrix.copyOf(2, 3, new float[] {1, 2, 3, 4, 5, 6}));
                Matrix last = linalg.columns(m, 1, 2);
                Matrix both = linalg.assemble(List.of(Assembly.of(ElementType.F32, m, last)))
                        .get(0);
                Matrix transposed = linalg.transpose(m);
                Matrix wide = linalg.convert(m, ElementType.F64)) {
            assertArrayEquals(new float[] {2, 3, 5, 6}, last.toFloats());
            assertArrayEquals(new float[] {1, 2, 3, 2, 3, 4, 5, 6, 5, 6}, both.toFloats());
            assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, transposed.toFloats());
            assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, wide.toDoubles());
        }
    }
}
