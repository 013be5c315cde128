package org.keeplora.distributed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.torch.Tensors;

/** Micro-batches: every number of processes computes the same bits. */
@Tag("slow")
final class MicroBatchesTest {
    private static final int COUNT = 8;
    /** Not a power of two, so that the pieces of the processes are padded. */
    private static final int WIDTH = 101;

    private static float[] numbers(int seed) {
        Random random = new Random(seed);
        float[] numbers = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            numbers[i] = (float) (random.nextGaussian() * Math.exp(5 * random.nextGaussian()));
        }
        return numbers;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void partsAreTheBatch(int size) throws Exception {
        int[] batch = {5, 3, 8, 1, 9, 7, 6, 2, 4, 0};
        List<List<int[]>> ofRanks = ProcessThreads.run(size, group -> {
            ProcessGroup divided = group.inMicroBatches(COUNT);
            return IntStream.range(0, divided.parts())
                    .mapToObj(part -> divided.localItems(batch, part))
                    .toList();
        });
        List<int[]> parts = ofRanks.stream().flatMap(List::stream).toList();
        List<int[]> expected = new ArrayList<>(List.of(new int[] {5, 4}, new int[] {3, 0}));
        List.of(8, 1, 9, 7, 6, 2).forEach(item -> expected.add(new int[] {item}));
        assertArrayEquals(expected.toArray(), parts.toArray());
    }

    /** Sums of one tensor and of several; float64 is sent together with float32. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void sumsEqualThoseInPairs(int size) throws Exception {
        List<float[]> sums = ProcessThreads.run(size, group -> {
            ProcessGroup divided = group.inMicroBatches(COUNT);
            try (PointerScope scope = new PointerScope()) {
                Tensor one = Tensors.ofFloats(numbers(group.index()), WIDTH);
                divided.sum("one", List.of(one));
                Tensor first = Tensors.ofFloats(numbers(group.index()), WIDTH);
                Tensor wide = Tensors.ofDoubles(group.index(), 0.5);
                Tensor second = Tensors.ofFloats(numbers(group.index()), WIDTH);
                divided.sum("three", List.of(first, wide, second));
                assertArrayEquals(Tensors.floats(one), Tensors.floats(first));
                assertArrayEquals(Tensors.floats(one), Tensors.floats(second));
                assertArrayEquals(new double[] {size * (size - 1) / 2.0, size / 2.0}, Tensors.doubles(wide));
                return Tensors.floats(one);
            }
        });
        PairwiseSum expected = new PairwiseSum();
        try (PointerScope scope = new PointerScope()) {
            for (int index = 0; index < size; index++) {
                expected.add(List.of(Tensors.ofFloats(numbers(index), WIDTH)));
            }
            float[] total = Tensors.floats(expected.total().get(0));
            sums.forEach(sum -> assertArrayEquals(total, sum));
        }
    }

    /** Gradients of Σ over parts of w·(part's numbers)·(a common factor, which is c²). */
    private static float[] gradients(ProcessGroup group) {
        ProcessGroup divided = group.inMicroBatches(COUNT);
        try (PointerScope scope = new PointerScope()) {
            Tensor weight = Tensors.ofFloats(numbers(-1), WIDTH).requires_grad_(true);
            Tensor root = Tensors.ofFloats(numbers(-2), WIDTH).requires_grad_(true);
            try (GradientSum sum = divided.gradients(List.of(weight, root))) {
                Tensor common = root.square();
                sum.backward(() -> common, (part, squares) -> {
                    int number = group.index() * divided.parts() + part;
                    return weight.mul(Tensors.ofFloats(numbers(number), WIDTH))
                            .mul(squares.await())
                            .sum();
                });
            }
            float[] both = new float[2 * WIDTH];
            System.arraycopy(Tensors.floats(weight.grad()), 0, both, 0, WIDTH);
            System.arraycopy(Tensors.floats(root.grad()), 0, both, WIDTH, WIDTH);
            return both;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void gradientsHaveTheBitsOfOneProcess(int size) throws Exception {
        float[] alone = gradients(ProcessGroup.SINGLE);
        double[] sums = new double[WIDTH];
        double[] sizes = new double[WIDTH];
        for (int number = 0; number < COUNT; number++) {
            float[] numbers = numbers(number);
            for (int i = 0; i < WIDTH; i++) {
                sums[i] += numbers[i];
                sizes[i] += Math.abs(numbers[i]);
            }
        }
        float[] weight = numbers(-1);
        float[] root = numbers(-2);
        for (int i = 0; i < WIDTH; i++) {
            double square = (double) root[i] * root[i];
            double rounding = COUNT * Math.ulp(1f) * sizes[i];
            assertEquals(sums[i] * square, alone[i], rounding * square);
            double slope = 2 * (double) weight[i] * root[i];
            assertEquals(sums[i] * slope, alone[WIDTH + i], rounding * Math.abs(slope));
        }
        ProcessThreads.run(size, MicroBatchesTest::gradients).forEach(ranked -> assertArrayEquals(alone, ranked));
    }

    /**
     * For a loss whose parts have nothing in common, or a constant: the gradient of Σ w·factor over the parts is their
     * number times the factor.
     */
    @Test
    void lossesWithoutACommonPartNeedNoBackwardPass() {
        ProcessGroup divided = ProcessGroup.SINGLE.inMicroBatches(COUNT);
        try (PointerScope scope = new PointerScope()) {
            Tensor weight = Tensors.ofFloats(new float[] {1, 2}, 2).requires_grad_(true);
            try (GradientSum sum = divided.gradients(List.of(weight))) {
                sum.backward(Tensor::new, (part, nothing) -> weight.sum());
                assertArrayEquals(new float[] {COUNT, COUNT}, Tensors.floats(weight.grad()));
                weight.mutable_grad().reset();
                Tensor constant = Tensors.ofFloats(new float[] {3, 4}, 2);
                sum.backward(
                        () -> constant, (part, its) -> weight.mul(its.await()).sum());
                assertArrayEquals(new float[] {3 * COUNT, 4 * COUNT}, Tensors.floats(weight.grad()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "1, 0", "1, -2", "2, 1", "3, 4"})
    void otherCountsAreRefused(int size, int count) throws Exception {
        ProcessThreads.run(
                        size, group -> assertThrows(IllegalArgumentException.class, () -> group.inMicroBatches(count)))
                .forEach(e -> assertEquals(
                        count + " micro-batches over " + size
                                + " processes: micro-batches must be a power of two that the number of processes divides",
                        e.getMessage()));
    }
}
