package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.LowRankFactors;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.ResourceScope;

final class CpuThreadsTest {
    private static final int THREADS = 2;
    private static final ToLongFunction<Integer> SMALL = problem -> 1;
    private static final ToLongFunction<Integer> HALF_WORTH = problem -> CpuThreads.WORTH_HANDING_OVER / 2;
    private static final ToLongFunction<Integer> LARGE = problem -> CpuThreads.LARGE_DECOMPOSITION;

    private final int before = BlasThreadsTest.real();

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the other never began", e);
        }
    }

    private static Matrix number(int value) {
        return Matrix.copyOf(1, 1, new double[] {value});
    }

    private static List<Double> blasThreads(CpuThreads threads, ToLongFunction<Integer> work, Integer... problems) {
        try (ResourceScope scope = new ResourceScope()) {
            return scope.keep(threads.decompose(List.of(problems), work, p -> number(BlasThreadsTest.real()))).stream()
                    .map(found -> found.get(0, 0))
                    .toList();
        }
    }

    @Test
    void onlyOneLargeDecompositionHasAllThreadsOfOpenBlas() {
        try (CpuThreads threads = new CpuThreads(new CpuWorkers(THREADS));
                CpuThreads single = new CpuThreads(new CpuWorkers(1))) {
            assertEquals(List.of(2.0), blasThreads(threads, LARGE, 0));
            assertEquals(List.of(1.0, 1.0), blasThreads(threads, LARGE, 0, 1));
            assertEquals(List.of(1.0), blasThreads(threads, SMALL, 0));
            assertEquals(List.of(1.0), blasThreads(single, LARGE, 0));
            threads.each(List.of(0), LARGE, problem -> assertEquals(1, BlasThreadsTest.real()));
        }
        assertEquals(before, BlasThreadsTest.real());
    }

    @Test
    void problemsThatRepayItRunAtOnce() {
        Set<Thread> workers = ConcurrentHashMap.newKeySet();
        CyclicBarrier all = new CyclicBarrier(THREADS);
        try (CpuThreads threads = new CpuThreads(new CpuWorkers(THREADS))) {
            threads.each(List.of(0, 1), HALF_WORTH, problem -> {
                workers.add(Thread.currentThread());
                meet(all);
            });
        }
        assertEquals(THREADS, workers.size());
    }

    @Test
    void smallProblemsStayOnTheCaller() {
        Set<Thread> workers = ConcurrentHashMap.newKeySet();
        try (CpuThreads threads = new CpuThreads(new CpuWorkers(THREADS))) {
            threads.each(List.of(0, 1, 2, 3), SMALL, problem -> workers.add(Thread.currentThread()));
        }
        assertEquals(Set.of(Thread.currentThread()), workers);
    }

    @Test
    void twoCallersComputeAtOnceWithOneOrTwoBackends() {
        try (CpuThreads one = new CpuThreads(new CpuWorkers(THREADS));
                CpuThreads other = new CpuThreads(new CpuWorkers(THREADS))) {
            for (CpuThreads second : List.of(one, other)) {
                CyclicBarrier both = new CyclicBarrier(2);
                CompletableFuture<Void> beside =
                        CompletableFuture.runAsync(() -> second.each(List.of(0), SMALL, problem -> meet(both)));
                one.each(List.of(0), SMALL, problem -> meet(both));
                beside.join();
            }
        }
        assertEquals(before, BlasThreadsTest.real());
    }

    @Test
    void resultsAreClosedWhenAProblemFails() {
        long open = Matrix.open();
        try (CpuThreads threads = new CpuThreads(new CpuWorkers(THREADS))) {
            for (ToLongFunction<Integer> work : List.of(SMALL, HALF_WORTH)) {
                assertThrows(
                        ArithmeticException.class,
                        () -> threads.map(List.of(1, 2, 0, 3), work, p -> number(Math.floorDiv(1, p))));
                assertEquals(open, Matrix.open());
            }
        }
        assertEquals(before, BlasThreadsTest.real());
    }

    @Test
    void nativeMemoryStaysFlat() {
        double[][] values = Reference.gaussian(64, 48, 1, 1);
        try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, THREADS);
                Matrix matrix = Reference.matrix(values, 48, ElementType.F32)) {
            long after = 0;
            for (int i = 0; i < 200; i++) {
                linalg.lowRank(List.of(LowRank.of(matrix, 4, 16, 2, 1), LowRank.of(matrix, 4, 16, 2, 2)))
                        .forEach(LowRankFactors::close);
                after = i == 0 ? Pointer.totalBytes() + Matrix.openBytes() : after;
            }
            long grown = Pointer.totalBytes() + Matrix.openBytes() - after;
            assertTrue(grown <= 0, "200 calls left " + grown + " bytes behind");
        }
    }

    @Test
    void aSmallCallLeavesLittleGarbage() {
        try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, THREADS);
                Matrix matrix = number(3);
                Matrix square = number(0)) {
            List<Product> batch = List.of(Product.of(square, Operand.of(matrix), Operand.of(matrix)));
            var counter = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
            linalg.multiply(batch);
            long bytes = counter.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100; i++) {
                linalg.multiply(batch);
            }
            long each = (counter.getCurrentThreadAllocatedBytes() - bytes) / 100;
            assertTrue(each < 2000, each + " bytes a call; a lookup of OpenBLAS's function takes 160,000");
        }
    }
}
