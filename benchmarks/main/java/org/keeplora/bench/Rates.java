package org.keeplora.bench;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * A JMH profiler that reports GFLOP/s and GB/s of every iteration, from the {@link Work} that a suite declares: {@code
 * -prof org.keeplora.bench.Rates}.
 */
public final class Rates implements InternalProfiler {
    static final String GFLOPS = "rate.flop";
    static final String GBPS = "rate.bytes";

    @Override
    public String getDescription() {
        return "GFLOP/s and GB/s from the operations and bytes that a suite declares for one shot";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {}

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        Work work = Work.declared();
        if (work == null || benchmark.getMode() == Mode.Throughput) {
            return List.of();
        }
        double nanos =
                result.getPrimaryResult().getScore() * benchmark.getTimeUnit().toNanos(1);
        return List.of(
                new ScalarResult(GFLOPS, work.flop() / nanos, "GFLOP/s", AggregationPolicy.AVG),
                new ScalarResult(GBPS, work.bytes() / nanos, "GB/s", AggregationPolicy.AVG));
    }
}
