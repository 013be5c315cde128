package org.keeplora.report;

import java.util.List;

/**
 * Everything a finished run reports, as {@value #JSON_FILE} for programs and {@value #MARKDOWN_FILE} for people.
 *
 * @param title method and what distinguishes it, as {@code keeplora (paper)}
 * @param tables what was measured
 * @param stages from {@link StageTimes#totals()}
 * @param published to be shown beside the run's own figures; may be empty
 * @param facts what somebody needs to repeat the run
 */
public record RunReport(
        String title, RunTables tables, List<StageTimes.StageTime> stages, List<Published> published, RunFacts facts) {
    /** Name of the file for programs. */
    public static final String JSON_FILE = "metrics.json";

    /** Name of the file for people. */
    public static final String MARKDOWN_FILE = "report.md";

    public RunReport {
        stages = List.copyOf(stages);
        published = List.copyOf(published);
    }

    /** Metrics of the accuracy table; throws as {@link ContinualMetrics#of}. */
    public ContinualMetrics metrics() {
        return ContinualMetrics.of(tables.accuracy());
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
