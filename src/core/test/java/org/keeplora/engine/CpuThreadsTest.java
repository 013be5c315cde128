package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;
import org.junit.jupiter.api.Test;

final class CpuThreadsTest {
    private static final int THREADS = 2;
    private static final long SMALL = 100;

    @Test
    void oneProblemOrLargeOnesHaveAllBlasThreadsAndSeveralSmallOnesHaveOneEach() {
        int before = openblas.blas_get_num_threads();
        try (CpuThreads threads = new CpuThreads(THREADS)) {
            assertEquals(List.of(THREADS), blasThreads(threads, SMALL));
            assertEquals(List.of(1, 1, 1), blasThreads(threads, SMALL, SMALL, SMALL));
            assertEquals(List.of(THREADS, THREADS), blasThreads(threads, SMALL, CpuThreads.LARGE));
        }
        assertEquals(before, openblas.blas_get_num_threads());
    }

    private static List<Integer> blasThreads(CpuThreads threads, Long... elements) {
        return threads.map(List.of(elements), Long::longValue, problem -> openblas.blas_get_num_threads());
    }

    @Test
    void severalProblemsRunAtOnce() {
        Set<Thread> workers = ConcurrentHashMap.newKeySet();
        CyclicBarrier all = new CyclicBarrier(THREADS);
        try (CpuThreads threads = new CpuThreads(THREADS)) {
            threads.each(List.of(0, 1), problem -> SMALL, problem -> {
                workers.add(Thread.currentThread());
                try {
                    all.await(20, TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new IllegalStateException("the other problem never started", e);
                }
            });
        }
        assertEquals(THREADS, workers.size());
    }

    @Test
    void aFailureComesOutAfterEveryProblemAndTheThreadNumberIsBack() {
        int before = openblas.blas_get_num_threads();
        try (CpuThreads threads = new CpuThreads(THREADS)) {
            assertThrows(
                    ArithmeticException.class,
                    () -> threads.each(List.of(0, 1), problem -> SMALL, problem -> Math.floorDiv(1, problem)));
        }
        assertEquals(before, openblas.blas_get_num_threads());
    }

    @Test
    void nativeMemoryStaysFlat() {
        double[][] values = Reference.gaussian(64, 48, 1, 1);
        try (Linalg linalg = Linalg.open(BackendChoice.CPU, THREADS);
                Matrix matrix = Reference.matrix(values, 48, ElementType.F32)) {
            long after = 0;
            for (int i = 0; i < 200; i++) {
                linalg.lowRank(List.of(LowRank.of(matrix, 4, 16, 2, 1), LowRank.of(matrix, 4, 16, 2, 2)))
                        .forEach(LowRankFactors::close);
                after = i == 0 ? Pointer.totalBytes() : after;
            }
            long grown = Pointer.totalBytes() - after;
            assertTrue(grown <= 0, "200 calls left " + grown + " bytes behind");
        }
    }
}
