package org.keeplora.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;

/** The thread policy of the package: problems in parallel with one BLAS thread each, or one problem with all BLAS threads. */
final class CpuThreads implements AutoCloseable {
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
        map(batch, p -> {
            problem.accept(p);
            return null;
        });
    }

    <P, R> List<R> map(List<P> batch, Function<P, R> problem) {
        synchronized (PROCESS_WIDE) {
            int before = openblas.blas_get_num_threads();
            setBlasThreads(batch.size() > 1 ? 1 : threads);
            try {
                return batch.size() > 1 && threads > 1
                        ? parallel(batch, problem)
                        : batch.stream().map(problem).toList();
            } finally {
                setBlasThreads(before);
            }
        }
    }

    /** The preset looks the function up anew each time; the scope frees what it looked up. */
    private static void setBlasThreads(int count) {
        try (PointerScope scope = new PointerScope()) {
            openblas.blas_set_num_threads(count);
        }
    }

    private <P, R> List<R> parallel(List<P> batch, Function<P, R> problem) {
        List<Future<R>> pending = new ArrayList<>();
        batch.forEach(p -> pending.add(workers.submit(() -> problem.apply(p))));
        List<R> results = new ArrayList<>();
        RuntimeException failure = null;
        for (Future<R> result : pending) { // all of them: no worker may still write when this returns
            try {
                results.add(result.get());
            } catch (ExecutionException e) {
                failure = e.getCause() instanceof RuntimeException cause
                        ? cause
                        : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failure = new IllegalStateException("interrupted during linear algebra", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    @Override
    public void close() {
        workers.shutdown();
    }
}
