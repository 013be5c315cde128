package org.keeplora.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Wall-clock seconds by stage, summed over calls, in the order the stages first ran. */
public final class StageTimes {
    private final Map<String, Double> seconds = new LinkedHashMap<>();

    /** Runs {@code work} and adds its time to {@code stage}. */
    public <T> T measure(String stage, Supplier<T> work) {
        long start = System.nanoTime();
        try {
            return work.get();
        } finally {
            seconds.merge(stage, (System.nanoTime() - start) / 1e9, Double::sum);
        }
    }

    /** As above, for work without a result. */
    public void measure(String stage, Runnable work) {
        measure(stage, () -> {
            work.run();
            return null;
        });
    }

    /** A copy: stage to seconds. */
    public Map<String, Double> seconds() {
        return new LinkedHashMap<>(seconds);
    }
}
