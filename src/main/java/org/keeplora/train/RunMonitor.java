package org.keeplora.train;

import org.keeplora.report.StageTimes;

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
}
