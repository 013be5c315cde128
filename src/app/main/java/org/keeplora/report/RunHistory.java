package org.keeplora.report;

import java.time.Instant;
import java.util.List;

/**
 * The course of a run: times, losses and memory.
 *
 * @param finished when the report was written, to the second; null when not known
 * @param stages from {@link StageTimes#totals()}
 * @param losses of every task that was trained; empty when not known
 * @param memory peak memory; null when not known
 */
public record RunHistory(
        Instant finished, List<StageTimes.StageTime> stages, List<LossCurve> losses, MemoryUse memory) {
    public RunHistory {
        stages = List.copyOf(stages);
        losses = List.copyOf(losses);
    }

    /** A course of which only the times of its stages are known. */
    public static RunHistory of(List<StageTimes.StageTime> stages) {
        return new RunHistory(null, stages, List.of(), null);
    }
}
