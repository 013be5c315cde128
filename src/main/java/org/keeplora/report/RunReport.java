package org.keeplora.report;

import java.util.List;

/**
 * Everything a finished run reports, as {@value #JSON_FILE} for programs and {@value #MARKDOWN_FILE} for people.
 *
 * @param title method and what distinguishes it, as {@code keeplora (paper)}
 * @param accuracy complete, or with a zero-shot row only
 * @param ranks {@link RankTable#empty()} for methods without bases
 * @param stages from {@link StageTimes#totals()}
 */
public record RunReport(
        String title, AccuracyTable accuracy, RankTable ranks, List<StageTimes.StageTime> stages, RunFacts facts) {
    /** Name of the file for programs. */
    public static final String JSON_FILE = "metrics.json";

    /** Name of the file for people. */
    public static final String MARKDOWN_FILE = "report.md";

    public RunReport {
        stages = List.copyOf(stages);
    }

    /** Metrics of {@link #accuracy()}; throws as {@link ContinualMetrics#of}. */
    public ContinualMetrics metrics() {
        return ContinualMetrics.of(accuracy);
    }

    /** The content of {@value #JSON_FILE}, UTF-8, one final newline; fields as in {@link MetricsJson}. */
    public String json() {
        return MetricsJson.of(this);
    }

    /** The content of {@value #MARKDOWN_FILE}; columns are aligned, so it reads well on a terminal as it is. */
    public String markdown() {
        return MarkdownReport.of(this);
    }
}
