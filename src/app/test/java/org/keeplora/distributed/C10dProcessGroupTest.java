package org.keeplora.distributed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.store.UserError;
import org.keeplora.torch.Tensors;

@Tag("slow")
final class C10dProcessGroupTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void everyProcessGetsTheSameSum(int size) throws Exception {
        double third = 1.0 / 3;
        List<double[]> sums = ProcessThreads.run(size, group -> {
            try (PointerScope scope = new PointerScope()) {
                Tensor values = Tensors.ofDoubles(1, third * (group.index() + 1), Math.PI * group.index());
                Tensor counts = Tensors.ofLongs(group.index());
                Tensor square = Tensors.ofFloats(new float[] {1, 2, 3, 4}, 2, 2).mul(new Scalar(group.index() + 1.0));
                Tensor more = Tensors.ofDoubles(group.index());
                group.sum("a test", List.of(values, counts, square, more));
                float ranksSum = size * (size + 1) / 2f;
                assertArrayEquals(
                        new float[] {ranksSum, 2 * ranksSum, 3 * ranksSum, 4 * ranksSum}, Tensors.floats(square));
                assertEquals(size * (size - 1) / 2.0, more.item_double());
                double[] all = new double[3];
                values.data_ptr_double().get(all);
                assertEquals(size * (size - 1) / 2, counts.item_long());
                return all;
            }
        });
        sums.forEach(sum -> assertArrayEquals(sums.get(0), sum, 0.0));
        assertEquals(size, sums.get(0)[0]);
        assertEquals(third * size * (size + 1) / 2, sums.get(0)[1], 1e-15 * size * size);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void everyProcessGetsTheFirstProcessesValue(int size) throws Exception {
        List<String> heard = ProcessThreads.run(size, group -> {
            byte[] mine = ("from " + group.index()).getBytes(StandardCharsets.UTF_8);
            byte[] none = group.broadcast("nothing", new byte[0]);
            assertEquals(0, none.length);
            return new String(group.broadcast("a text", mine), StandardCharsets.UTF_8);
        });
        assertEquals(Collections.nCopies(size, "from 0"), heard);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 7})
    void localItemsTogetherAreTheBatch(int size) throws Exception {
        int[] batch = {5, 3, 8, 1, 9};
        List<int[]> parts = ProcessThreads.run(size, group -> group.localItems(batch));
        assertArrayEquals(
                IntStream.of(batch).sorted().toArray(),
                parts.stream().flatMapToInt(IntStream::of).sorted().toArray());
        int fullest = parts.stream().mapToInt(part -> part.length).max().orElseThrow();
        int emptiest = parts.stream().mapToInt(part -> part.length).min().orElseThrow();
        assertEquals(true, fullest - emptiest <= 1, () -> "parts of " + fullest + " and " + emptiest);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void differencesAreNamedOnEveryProcess(int size) throws Exception {
        List<String> messages = ProcessThreads.run(size, group -> {
            MessageDigest same = ProcessGroup.digest();
            same.update((byte) 1);
            group.requireSame("one is", same, "cannot differ");
            MessageDigest other = ProcessGroup.digest();
            other.update((byte) (group.index() == size - 1 ? 1 : 0));
            return assertThrows(
                            UserError.class,
                            () -> group.requireSame("the configuration is", other, "give all the same file"))
                    .getMessage();
        });
        assertEquals(
                Collections.nCopies(
                        size,
                        "the configuration is not the same on every process: process " + (size - 1)
                                + " differs from process 0; give all the same file"),
                messages);
    }

    /** The gradient of Σ (w·x)² over all x, however they are divided. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void gradientsAreThoseOfTheWholeBatch(int size) throws Exception {
        int[] batch = {1, 2, 3, 4};
        List<float[]> gradients = ProcessThreads.run(size, group -> {
            try (PointerScope scope = new PointerScope()) {
                Tensor first = Tensors.ofFloats(new float[] {0.5f, 2}, 2).requires_grad_(true);
                Tensor second = Tensors.ofFloats(new float[] {3, 0.25f}, 2).requires_grad_(true);
                try (GradientSum sum = group.gradients(List.of(first, second))) {
                    for (int step = 0; step < 2; step++) {
                        first.mutable_grad().reset();
                        second.mutable_grad().reset();
                        LocalBatch local = LocalBatch.of(batch, group, 0);
                        double mean = IntStream.of(local.items())
                                .map(x -> x * x)
                                .average()
                                .orElseThrow();
                        sum.backward(
                                () -> first.mul(second),
                                (part, products) -> local.weighted(
                                        products.await().square().sum().mul(new Scalar(mean))));
                    }
                }
                return Tensors.floats(first.grad());
            }
        });
        double mean = (1 + 4 + 9 + 16) / 4.0;
        gradients.forEach(gradient -> {
            assertArrayEquals(gradients.get(0), gradient, 0f);
            assertArrayEquals(
                    new float[] {(float) (2 * 0.5 * 9 * mean), (float) (2 * 2 * 0.0625 * mean)}, gradient, 1e-4f);
        });
    }

    /**
     * Σ over processes of (process + 1)·(v · all rows): every row's gradient is v·Σ(process + 1), on any process; five
     * processes have two rows.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void gatheredRowsGetTheGradientOfAllLosses(int size) throws Exception {
        int[] rows = {0, 1};
        float[] values = {1, 2, 3, 4, 5, 6};
        List<float[]> gradients = ProcessThreads.run(size, group -> {
            try (PointerScope scope = new PointerScope()) {
                LocalBatch local = LocalBatch.of(rows, group, 0);
                Tensor all = Tensors.ofFloats(values, 2, 3).requires_grad_(true);
                Tensor own = all.index_select(0, Tensors.ofInts(local.items()));
                Tensor gathered =
                        group.gather("a test", own, local, rows.length).await();
                assertArrayEquals(values, Tensors.floats(gathered));
                Tensor weights = Tensors.ofFloats(new float[] {7, 8, 9}, 3);
                gathered.mul(weights).sum().mul(new Scalar(group.index() + 1.0)).backward();
                return Tensors.floats(all.grad());
            }
        });
        float[] sum = new float[values.length];
        gradients.forEach(gradient -> IntStream.range(0, sum.length).forEach(i -> sum[i] += gradient[i]));
        float group = size * (size + 1) / 2f;
        assertArrayEquals(new float[] {7 * group, 8 * group, 9 * group, 7 * group, 8 * group, 9 * group}, sum);
    }

    /**
     * A backward pass begins the sum of these gradients, continues with what was computed after the rows, and only then
     * needs the sum.
     */
    @Test
    void gradientsOfRowsOverlapWithTheBackwardPass() throws Exception {
        List<List<String>> passes = ProcessThreads.run(2, group -> {
            List<String> passed = new ArrayList<>();
            try (PointerScope scope = new PointerScope()) {
                LocalBatch local = LocalBatch.of(new int[] {0, 1}, group, 0);
                Tensor factor = Tensors.ofFloats(new float[] {2}, 1).requires_grad_(true);
                Tensor own = factor.mul(Tensors.ofFloats(new float[] {1, 1, 1}, 1, 3));
                Pending<Tensor> rows = group.gather("a test", own, local, 2);
                Tensor meanwhile = factor.mul(new Scalar(3.0));
                Tensor loss = rows.await().sum().mul(meanwhile).sum();
                long before = group.traffic().calls();
                Hook after = new Hook(
                        () -> passed.add("rows after " + (group.traffic().calls() - before)));
                Hook between = new Hook(
                        () -> passed.add("meanwhile after " + (group.traffic().calls() - before)));
                own.register_hook(after);
                meanwhile.register_hook(between);
                loss.backward();
                assertEquals(
                        2 * 3 * (3 * 2) + 3 * (6 * 2),
                        factor.grad().item_float(),
                        "of both processes' rows, and of the own meanwhile");
                return passed;
            }
        });
        passes.forEach(passed -> assertEquals(List.of("meanwhile after 1", "rows after 1"), passed));
    }

    private static final class Hook extends TensorTensorHook {
        private final Runnable seen;

        private Hook(Runnable seen) {
            this.seen = seen;
        }

        @Override
        public TensorBase call(TensorBase gradient) {
            seen.run();
            return gradient;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void trafficCountsPayload(int size) throws Exception {
        List<Traffic> traffic = ProcessThreads.run(size, group -> {
            Traffic before = group.traffic();
            try (Tensor values = Tensors.ofFloats(new float[100], 10, 10)) {
                group.sum("a test", List.of(values, values));
            }
            return group.traffic().since(before);
        });
        assertEquals(Collections.nCopies(size, new Traffic(1, 800)), traffic);
    }
}
