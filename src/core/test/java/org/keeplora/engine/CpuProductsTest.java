package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.BlasThreads;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Projector;

/** Large products, cut into slices, against the same products in one piece. */
final class CpuProductsTest {
    private static final int THREADS = 3;

    private static Matrix random(int rows, int cols, ElementType type, long seed) {
        Random random = new Random(seed);
        double[] values = random.doubles((long) rows * cols, -1, 1).toArray();
        Matrix wide = Matrix.copyOf(rows, cols, values);
        if (type == ElementType.F64) {
            return wide;
        }
        try (wide) {
            return CpuLayout.convert(wide, type);
        }
    }

    private static <P> void assertCutEqualsWhole(
            P one, P other, Matrix whole, Matrix cut, BiConsumer<CpuProducts, P> compute) {
        assertCutEqualsWhole(one, other, whole, cut, compute, whole.type());
    }

    private static <P> void assertCutEqualsWhole(
            P one, P other, Matrix whole, Matrix cut, BiConsumer<CpuProducts, P> compute, ElementType products) {
        try (CpuWorkers single = new CpuWorkers(1);
                CpuWorkers several = new CpuWorkers(THREADS)) {
            compute.accept(new CpuProducts(single), one);
            compute.accept(new CpuProducts(several), other);
        }
        double largest = CpuMagnitudes.largest(whole);
        double rounding = products == ElementType.F32 ? Math.ulp(1f) : Math.ulp(1.0);
        // sums of up to a thousand terms, rounded in another order
        assertArrayEquals(whole.toDoubles(), cut.toDoubles(), 1000 * rounding * largest);
    }

    @ParameterizedTest
    @CsvSource({
        "509, 601, 523, false, false, F32",
        "601, 509, 523, true, false, F32",
        "509, 601, 523, false, true, F64",
        "601, 509, 523, true, true, F64",
        "521, 40, 6000, false, false, F64",
        "17, 3000, 2900, true, true, F32"
    })
    void products(int m, int n, int k, boolean leftTransposed, boolean rightTransposed, ElementType type) {
        try (Matrix a = leftTransposed ? random(k, m, type, 1) : random(m, k, type, 1);
                Matrix b = rightTransposed ? random(n, k, type, 2) : random(k, n, type, 2);
                Matrix whole = random(m, n, type, 3);
                Matrix cut = random(m, n, type, 3)) {
            Operand left = leftTransposed ? Operand.transposed(a) : Operand.of(a);
            Operand right = rightTransposed ? Operand.transposed(b) : Operand.of(b);
            assertCutEqualsWhole(
                    new Product(whole, 0.5, left, right, -1),
                    new Product(cut, 0.5, left, right, -1),
                    whole,
                    cut,
                    CpuProducts::multiply);
        }
    }

    @ParameterizedTest
    @CsvSource({"601, 509, 140, OUTSIDE_SPAN", "400, 2003, 50, INSIDE_SPAN"})
    void projections(int in, int out, int k, Projector.Part kept) {
        try (Matrix basis = random(in, k, ElementType.F64, 1);
                Matrix whole = random(in, out, ElementType.F64, 2);
                Matrix cut = random(in, out, ElementType.F64, 2)) {
            Projector projector = new Projector(basis, kept);
            assertCutEqualsWhole(
                    new Projection(whole, projector), new Projection(cut, projector), whole, cut, CpuProducts::project);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "300, 769, F32, F64",
        "700, 523, F64, F64",
        "300, 800, BF16, F64",
        "1100, 523, F32, F32",
        "600, 523, BF16, F32"
    })
    void gramMatrices(int rows, int in, ElementType type, ElementType products) {
        try (Matrix values = random(rows, in, ElementType.F32, 1);
                Matrix samples = type.isHalf() ? halves(rows, in) : CpuLayout.convert(values, type);
                Matrix whole = Matrix.zeros(in, in, ElementType.F64);
                Matrix cut = Matrix.zeros(in, in, ElementType.F64)) {
            assertCutEqualsWhole(
                    new GramUpdate(whole, samples, products),
                    new GramUpdate(cut, samples, products),
                    whole,
                    cut,
                    CpuProducts::accumulateGram,
                    products);
        }
    }

    /** Numbers of bfloat16 near 1. */
    private static Matrix halves(int rows, int cols) {
        Matrix halves = Matrix.uninitialized(rows, cols, ElementType.BF16);
        Random random = new Random(1);
        for (long i = 0; i < halves.elements(); i++) {
            halves.halves().put(i, (short) (0x3F00 + random.nextInt(0x100)));
        }
        return halves;
    }

    /** What a batch of two, one of them large, gives to the bit. */
    private static double[] bits(BatchLinalg linalg, List<Matrix> operands) {
        try (Matrix target = Matrix.zeros(520, 520, ElementType.F64);
                Matrix small = Matrix.zeros(3, 3, ElementType.F64)) {
            Operand large = Operand.of(operands.get(0));
            Operand little = Operand.of(operands.get(1));
            linalg.multiply(List.of(Product.of(target, large, large), Product.of(small, little, little)));
            return target.toDoubles();
        }
    }

    @Test
    void bitsAreTheSameAloneInABatchAndBesideOtherCallers() {
        try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, THREADS);
                Matrix large = random(520, 520, ElementType.F64, 1);
                Matrix small = random(3, 3, ElementType.F64, 2);
                Matrix target = Matrix.zeros(520, 520, ElementType.F64)) {
            linalg.multiply(List.of(Product.of(target, Operand.of(large), Operand.of(large))));
            double[] alone = target.toDoubles();
            List<Matrix> operands = List.of(large, small);
            assertArrayEquals(alone, bits(linalg, operands));
            CompletableFuture<double[]> beside = CompletableFuture.supplyAsync(() -> bits(linalg, operands));
            for (int i = 0; i < 10; i++) {
                assertArrayEquals(alone, bits(linalg, operands), "beside another caller");
            }
            assertArrayEquals(alone, beside.join());
        }
        assertEquals(BlasThreadsTest.real(), BlasThreads.count());
    }
}
