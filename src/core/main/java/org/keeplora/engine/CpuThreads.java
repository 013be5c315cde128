package org.keeplora.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.ToLongFunction;
import org.keeplora.engine.internal.BlasThreads;
import org.keeplora.engine.internal.ResourceScope;

/**
 * The thread policy of the package. Which threads a batch computes with depends on its sizes and the number of threads
 * only, never on what else runs, and so do the bits of its results.
 *
 * <p>The work of a problem is given as the operations that a float64 product does in the time, some 50 in a nanosecond.
 */
final class CpuThreads implements AutoCloseable {
    /** A batch with less work is faster on the caller alone than handed over (benchmarks/EXPERIMENTS.md, 23). */
    static final long WORTH_HANDING_OVER = 1 << 24;

    /** A decomposition with less work is not faster with several threads (benchmarks/EXPERIMENTS.md, 23). */
    static final long LARGE_DECOMPOSITION = 5_000_000_000L;

    private final CpuWorkers workers;

    CpuThreads(CpuWorkers workers) {
        this.workers = workers;
    }

    int count() {
        return workers.count();
    }

    /** Solves problems with one thread each, several at once if that repays handing them over. */
    <P> void each(List<P> batch, ToLongFunction<P> work, Consumer<P> problem) {
        solve(batch, work, i -> problem.accept(batch.get(i)));
    }

    /** As {@link #each}, with results in the order of the problems. If a problem fails, the results are closed. */
    <P, R extends AutoCloseable> List<R> map(List<P> batch, ToLongFunction<P> work, Function<P, R> problem) {
        List<R> results = new ArrayList<>(Collections.nCopies(batch.size(), null));
        try {
            solve(batch, work, i -> results.set(i, problem.apply(batch.get(i))));
            return results;
        } catch (RuntimeException | Error e) {
            try (ResourceScope solved = new ResourceScope()) {
                results.stream().filter(Objects::nonNull).forEach(solved::keep);
            }
            throw e;
        }
    }

    private <P> void solve(List<P> batch, ToLongFunction<P> work, IntConsumer problem) {
        if (batch.isEmpty()) {
            return;
        }
        try (BlasThreads.Use use = BlasThreads.single()) {
            if (workers.count() > 1 && batch.size() > 1 && total(batch, work) >= WORTH_HANDING_OVER) {
                workers.run(batch.size(), problem);
            } else {
                for (int i = 0; i < batch.size(); i++) {
                    problem.accept(i);
                }
            }
        }
    }

    private static <P> long total(List<P> batch, ToLongFunction<P> work) {
        long total = 0;
        for (P problem : batch) {
            total += work.applyAsLong(problem);
        }
        return total;
    }

    /** As {@link #map}, but a single large problem has all threads of OpenBLAS, and nothing runs beside it. */
    <P, R extends AutoCloseable> List<R> decompose(List<P> batch, ToLongFunction<P> work, Function<P, R> problem) {
        if (workers.count() == 1 || batch.size() != 1 || work.applyAsLong(batch.get(0)) < LARGE_DECOMPOSITION) {
            return map(batch, work, problem);
        }
        try (BlasThreads.Use use = BlasThreads.alone(workers.count())) {
            return List.of(problem.apply(batch.get(0)));
        }
    }

    @Override
    public void close() {
        workers.close();
    }
}
