package org.keeplora.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The thread policy of the package: problems in parallel with one BLAS thread each, or one after the other with all
 * threads.
 */
final class CpuThreads implements AutoCloseable {
    /**
     * Matrices with at least this many elements are multiplied faster one at a time (benchmarks/EXPERIMENTS.md,
     * experiment 1).
     */
    static final long LARGE = 1 << 18;

    private static final Object PROCESS_WIDE = new Object();

    private final int threads;
    private final ExecutorService workers;

    CpuThreads(int threads) {
        this.threads = threads;
        this.workers = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "keeplora-linalg");
            thread.setDaemon(true);
            return thread;
        });
    }

    int count() {
        return threads;
    }

    <P> void each(List<P> batch, Consumer<P> problem) {
        each(batch, p -> 0, problem);
    }

    <P> void each(List<P> batch, ToLongFunction<P> elements, Consumer<P> problem) {
        map(batch, elements, p -> {
            problem.accept(p);
            return null;
        });
    }

    <P, R> List<R> map(List<P> batch, Function<P, R> problem) {
        return map(batch, p -> 0, problem);
    }

    /**
     * Maps problems that consist of matrix products.
     *
     * @param elements of a problem's largest matrix; the largest problem of the batch decides for all
     */
    <P, R> List<R> map(List<P> batch, ToLongFunction<P> elements, Function<P, R> problem) {
        boolean parallel = threads > 1
                && batch.size() > 1
                && batch.stream().mapToLong(elements).allMatch(n -> n < LARGE);
        synchronized (PROCESS_WIDE) {
            int before = BlasThreads.count();
            BlasThreads.set(parallel ? 1 : threads);
            try {
                return parallel
                        ? parallel(batch, problem)
                        : batch.stream().map(problem).toList();
            } finally {
                BlasThreads.set(before);
            }
        }
    }

    private <P, R> List<R> parallel(List<P> batch, Function<P, R> problem) {
        List<Future<R>> pending = new ArrayList<>();
        batch.forEach(p -> pending.add(workers.submit(() -> problem.apply(p))));
        List<R> results = new ArrayList<>();
        Throwable failure = null;
        for (Future<R> result : pending) { // waits for all: no worker may still write when this returns
            try {
                results.add(result.get());
            } catch (ExecutionException e) {
                failure = e.getCause(); // a RuntimeException or an Error: problems throw nothing else
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failure = new IllegalStateException("interrupted during linear algebra", e);
            }
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
        return results;
    }

    @Override
    public void close() {
        workers.shutdown();
    }
}
