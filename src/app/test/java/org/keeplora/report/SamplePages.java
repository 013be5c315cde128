package org.keeplora.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pages of {@link SampleRuns}, drawn once for all tests. */
final class SamplePages {
    private static String single;
    private static String several;

    private SamplePages() {}

    static synchronized String ofOneRun() {
        if (single == null) {
            single = SampleRuns.elevenTasks("keeplora (paper)", 42, 0.3)
                    .html(List.of("metrics.json", "adapters/01-Aircraft"));
        }
        return single;
    }

    /** Two seeds of one setting, and another. */
    static synchronized String ofThreeRuns() {
        if (several == null) {
            several = new RunComparison(runs()).html();
        }
        return several;
    }

    static Map<String, RunReport> runs() {
        Map<String, RunReport> runs = new LinkedHashMap<>();
        runs.put("keeplora-42", SampleRuns.elevenTasks("keeplora (paper)", 42, 0.3));
        runs.put("keeplora-43", SampleRuns.elevenTasks("keeplora (paper)", 43, 0.3));
        runs.put("a run of lora with a long name", SampleRuns.elevenTasks("lora", 42, 3));
        return runs;
    }
}
