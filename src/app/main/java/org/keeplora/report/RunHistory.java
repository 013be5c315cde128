package org.keeplora.report;

import java.time.Instant;
import java.util.List;

/**
 * How a run went, apart from what it found.
 *
 * @param finished when the report was written, to the second; null where not known
 * @param stages from {@link StageTimes#totals()}
 * @param losses of every task that was trained; empty where not known
 * @param memory peak; null where not known
 */
public record RunHistory(
        Instant finished, List<StageTimes.StageTime> stages, List<LossCurve> losses, MemoryUse memory) {
    public RunHistory {
        stages = List.copyOf(stages);
        losses = List.copyOf(losses);
    }

    /** A course of which no more is known than how long its stages took. */
    public static RunHistory of(List<StageTimes.StageTime> stages) {
        return new RunHistory(null, stages, List.of(), null);
    }
}
