package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.engine.internal.Svd;

/** Threads that compute with one shared {@link BatchLinalg}, or with one each, on matrices that all of them read. */
final class LinalgSharingTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 15;
    /** 150 · 120 elements: enough for OpenBLAS to divide even norms and sums among its threads, if it were let. */
    private static final int ROWS = 150;

    private static final int COLS = 120;

    /** Results of all kinds of operations. */
    private static double[] numbers(BatchLinalg linalg, Matrix shared, Matrix symmetric) {
        try (ResourceScope scope = new ResourceScope()) {
            Matrix target = scope.keep(linalg.zeros(COLS, COLS, ElementType.F64));
            Matrix other = scope.keep(linalg.zeros(COLS, COLS, ElementType.F64));
            linalg.multiply(List.of(Product.of(target, Operand.transposed(shared), Operand.of(shared))));
            linalg.accumulateGram(List.of(new GramUpdate(other, shared), new GramUpdate(target, shared)));
            linalg.mirror(List.of(other, target));
            List<Eigen> eigens = scope.keep(linalg.eigh(List.of(symmetric, target)));
            Matrix basis = scope.keep(linalg.columns(shared, 0, COLS / 2));
            linalg.orthonormalize(List.of(basis));
            Matrix rest = scope.keep(linalg.copyOf(shared));
            linalg.projectOut(List.of(new Projection(rest, Projector.outOf(basis))));
            double[] norms = linalg.norms(
                    List.of(shared, target, other, rest, eigens.get(0).values(), scope.keep(linalg.transpose(shared))));
            double leading = eigens.get(1).values().get(0, 0);
            return new double[] {norms[0], norms[1], norms[2], norms[3], norms[4], norms[5], leading};
        }
    }

    private static void compare(List<BatchLinalg> instances) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (Matrix shared = Reference.matrix(Reference.gaussian(ROWS, COLS, 1, 3), COLS, ElementType.F64);
                Matrix symmetric = Matrix.zeros(COLS, COLS, ElementType.F64)) {
            instances.get(0).accumulateGram(List.of(new GramUpdate(symmetric, shared)));
            instances.get(0).mirror(List.of(symmetric));
            double[] expected = numbers(instances.get(0), shared, symmetric);
            CyclicBarrier all = new CyclicBarrier(THREADS);
            List<Future<?>> pending = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                BatchLinalg linalg = instances.get(thread % instances.size());
                pending.add(threads.submit(() -> {
                    all.await(20, TimeUnit.SECONDS);
                    for (int round = 0; round < ROUNDS; round++) {
                        assertArrayEquals(expected, numbers(linalg, shared, symmetric), "same bits beside others");
                    }
                    return null;
                }));
            }
            for (Future<?> result : pending) {
                result.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void severalThreadsShareOneInstance() throws Exception {
        try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, 2)) {
            compare(List.of(linalg));
        }
    }

    @Test
    void severalThreadsHaveInstancesOfDifferentWidth() throws Exception {
        try (BatchLinalg one = BatchLinalg.open(BackendChoice.CPU, 1);
                BatchLinalg two = BatchLinalg.open(BackendChoice.CPU, 2)) {
            compare(List.of(one, two));
        }
    }

    /** Nothing crashes, and each thread ends with the error of a closed instance. */
    @Test
    void closingWaitsForOperationsOfOtherThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (Matrix shared = Reference.matrix(Reference.gaussian(ROWS, COLS, 1, 3), COLS, ElementType.F64)) {
            BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, 2);
            CyclicBarrier all = new CyclicBarrier(THREADS + 1);
            List<Future<String>> messages = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                messages.add(threads.submit(() -> {
                    linalg.svd(List.of(shared, shared)).forEach(Svd::close);
                    all.await(20, TimeUnit.SECONDS);
                    return assertThrows(IllegalStateException.class, () -> {
                                while (true) {
                                    linalg.svd(List.of(shared, shared)).forEach(Svd::close);
                                }
                            })
                            .getMessage();
                }));
            }
            all.await(20, TimeUnit.SECONDS);
            linalg.close();
            for (Future<String> message : messages) {
                assertEquals("Linalg.svd: was called after close", message.get(20, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdown();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1000})
    void aNumberOfThreadsThatHelpsNobodyIsRefused(int threads) {
        int most = Math.max(64, Runtime.getRuntime().availableProcessors());
        assertEquals(
                "Linalg.open: " + threads + " threads; it must be 1 to " + most,
                assertThrows(IllegalArgumentException.class, () -> BatchLinalg.open(BackendChoice.CPU, threads))
                        .getMessage());
    }
}
