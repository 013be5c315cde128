package org.keeplora.train;

import org.keeplora.distributed.ProcessGroup;
import org.keeplora.report.StageTimes;
import org.keeplora.report.Sums;

/**
 * What watches a run.
 *
 * @param progress is told of every pass over images
 * @param times of the run's stages; none lies inside another
 */
public record RunMonitor(RunProgress progress, StageTimes times) {
    /** With a clock of its own. */
    public static RunMonitor of(RunProgress progress) {
        return new RunMonitor(progress, new StageTimes());
    }

    /** With a clock of its own, and what each stage gives to sums over {@code group}. */
    public static RunMonitor of(RunProgress progress, ProcessGroup group) {
        return new RunMonitor(
                progress,
                new StageTimes(
                        () -> new Sums(group.traffic().calls(), group.traffic().bytes())));
    }
}
