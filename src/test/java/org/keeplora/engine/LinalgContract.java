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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every backend computes and refuses; a backend joins with one class that opens it. */
abstract class LinalgContract extends DecompositionContract {
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
        double[][] basis = Reference.orthonormal(in, k, 5);
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
            assertNamed("lowRank: matrix", () -> linalg.lowRank(List.of(LowRank.of(broken, 1, 2, 1, 0))));
            assertNamed("orthonormalize: matrix", () -> linalg.orthonormalize(List.of(broken)));
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
            assertShapes(() -> linalg.lowRank(List.of(LowRank.of(tall, 3, 4, 1, 0))), "rank 3", "[5 x 2] F32");
            LowRank misfit = new LowRank(tall, Optional.of(Projector.outOf(wide)), 1, 2, 1, 0);
            assertShapes(() -> linalg.lowRank(List.of(misfit)), "[3 x 4] F32", "[5 x 2] F32");
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
}
