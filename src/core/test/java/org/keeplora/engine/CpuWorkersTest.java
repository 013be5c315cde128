package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class CpuWorkersTest {
    private static final int THREADS = 2;

    private final Thread caller = Thread.currentThread();

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the other task never began", e);
        }
    }

    @Test
    void tasksRunAtOnceEachOnce() {
        CyclicBarrier all = new CyclicBarrier(THREADS);
        AtomicIntegerArray runs = new AtomicIntegerArray(20);
        try (CpuWorkers workers = new CpuWorkers(THREADS)) {
            workers.run(runs.length(), i -> {
                runs.incrementAndGet(i);
                if (i < THREADS) {
                    meet(all);
                }
            });
        }
        for (int i = 0; i < runs.length(); i++) {
            assertEquals(1, runs.get(i), "task " + i);
        }
    }

    @Test
    void oneThreadOrOneTaskStaysOnTheCaller() {
        try (CpuWorkers one = new CpuWorkers(1);
                CpuWorkers two = new CpuWorkers(2)) {
            one.run(3, i -> assertEquals(Thread.currentThread(), caller, "task " + i));
            two.run(1, i -> assertEquals(Thread.currentThread(), caller));
        }
    }

    @Test
    void theFirstFailureComesOutAfterEveryTask() {
        AtomicInteger ended = new AtomicInteger();
        try (CpuWorkers workers = new CpuWorkers(THREADS)) {
            IllegalStateException failure = assertThrows(
                    IllegalStateException.class,
                    () -> workers.run(9, i -> {
                        ended.incrementAndGet();
                        if (i == 3 || i == 7) {
                            throw new IllegalStateException("task " + i);
                        }
                    }));
            assertEquals("task 3", failure.getMessage());
            assertEquals("task 7", failure.getSuppressed()[0].getMessage());
            assertThrows(
                    AssertionError.class,
                    () -> workers.run(2, i -> {
                        throw new AssertionError();
                    }));
        }
        assertEquals(9, ended.get());
    }

    @Test
    @Timeout(60)
    void anInterruptedCallerWaitsForEveryTask() {
        CyclicBarrier all = new CyclicBarrier(THREADS);
        AtomicInteger ended = new AtomicInteger();
        try (CpuWorkers workers = new CpuWorkers(THREADS)) {
            workers.run(THREADS, i -> {
                meet(all);
                if (Thread.currentThread() != caller) {
                    awaitThatTheCallerWaits();
                    caller.interrupt();
                    awaitThatTheCallerWaits(); // again
                }
                ended.incrementAndGet();
            });
        }
        assertEquals(THREADS, ended.get());
        assertTrue(Thread.interrupted(), "the caller is still interrupted");
    }

    private void awaitThatTheCallerWaits() {
        while (caller.getState() != Thread.State.WAITING || caller.isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void tasksMayHandOutTasks() {
        int[][] results = new int[8][8];
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            try (CpuWorkers workers = new CpuWorkers(THREADS)) {
                workers.run(8, i -> workers.run(8, j -> results[i][j] = i + j));
            }
        });
        for (int i = 0; i < 8; i++) {
            assertArrayEquals(new int[] {i, i + 1, i + 2, i + 3, i + 4, i + 5, i + 6, i + 7}, results[i]);
        }
    }
}
