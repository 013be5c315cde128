package org.keeplora.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The times of a run: wall time of named stages, and what they contributed to sums over the process group. Both are
 * totals over all runs of a stage; stages are in the order of their first start.
 * <pre>{@code
 * try (Stage stage = times.start("train")) { ... }
 * times.run("evaluate", () -> ...);
 * }</pre>
 *
 * <p>A stage inside another counts in both. Must be used by one thread.
 */
public final class StageTimes {
    /** Name of the stage that makes the training steps. */
    public static final String TRAINING = "training";

    private static final double NANOS_PER_SECOND = 1e9;

    private final LongSupplier nanoTime;
    private final Supplier<Sums> meter;
    private final Map<String, Total> totals = new LinkedHashMap<>();

    private static final class Total {
        private long nanos;
        private Sums sums = Sums.NONE;
        private int runs;
    }

    /**
     * The totals of one stage so far.
     *
     * @param seconds total over its finished runs
     * @param runs number of finished runs
     * @param sums total contributions to sums over the process group
     */
    public record StageTime(String name, double seconds, int runs, Sums sums) {
        /** For a single process. */
        public StageTime(String name, double seconds, int runs) {
            this(name, seconds, runs, Sums.NONE);
        }
    }

    /** A running stage; closing it adds its time, closing it again does nothing. */
    public final class Stage implements AutoCloseable {
        private final Total total;
        private final long started;
        private final Sums before = meter.get();
        private boolean open = true;

        private Stage(Total total, long started) {
            this.total = total;
            this.started = started;
        }

        @Override
        public void close() {
            if (open) {
                total.nanos += nanoTime.getAsLong() - started;
                total.sums = total.sums.plus(meter.get().since(before));
                total.runs++;
                open = false;
            }
        }
    }

    /** For a single process. */
    public StageTimes() {
        this(() -> Sums.NONE);
    }

    /** @param meter what this process has contributed to sums so far */
    public StageTimes(Supplier<Sums> meter) {
        this(System::nanoTime, meter);
    }

    /** @param nanoTime a clock that never goes back, in nanoseconds */
    StageTimes(LongSupplier nanoTime, Supplier<Sums> meter) {
        this.nanoTime = nanoTime;
        this.meter = meter;
    }

    /** Starts a stage; the caller closes it. */
    public Stage start(String name) {
        return new Stage(totals.computeIfAbsent(name, unused -> new Total()), nanoTime.getAsLong());
    }

    /** Replaces all totals with {@code earlier}. */
    public void restore(List<StageTime> earlier) {
        totals.clear();
        for (StageTime stage : earlier) {
            Total total = new Total();
            total.nanos = Math.round(stage.seconds() * NANOS_PER_SECOND);
            total.runs = stage.runs();
            total.sums = stage.sums();
            totals.put(stage.name(), total);
        }
    }

    /** Runs {@code work} as a stage; its time counts also when it throws. */
    public void run(String name, Runnable work) {
        try (Stage stage = start(name)) {
            work.run();
        }
    }

    /** Computes {@code work} as a stage; its time counts also when it throws. */
    public <T> T measure(String name, Supplier<T> work) {
        try (Stage stage = start(name)) {
            return work.get();
        }
    }

    /** Seconds per stage, in the order of first start. */
    public Map<String, Double> seconds() {
        Map<String, Double> seconds = new LinkedHashMap<>();
        totals().forEach(total -> seconds.put(total.name(), total.seconds()));
        return seconds;
    }

    /** Every stage that was started, in the order of first start. */
    public List<StageTime> totals() {
        List<StageTime> list = new ArrayList<>();
        totals.forEach(
                (name, total) -> list.add(new StageTime(name, total.nanos / NANOS_PER_SECOND, total.runs, total.sums)));
        return list;
    }
}
