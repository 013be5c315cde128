package org.keeplora.report;

import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The report for people: accuracies, metrics, ranks, times, and the facts needed to repeat the run. */
final class MarkdownReport {
    private static final String UNDEFINED = "–";
    private static final double MEGABYTE = 1e6;
    private static final String LEGEND = """
            Transfer: mean over the rows before the task is learned. Average: over all rows after a task.
            Last: the last row. Forgetting: best earlier row less the last one. Backward transfer: last row
            less the one just after learning the task.
            """;

    private static final String CERTAINTY = """
            After ±: half of the 95 % interval for so many images (Wilson), in points. Chance: what guessing
            would give.
            """;

    private MarkdownReport() {}

    static String of(RunReport report) {
        List<String> parts = new ArrayList<>();
        parts.add(String.format(
                Locale.ROOT,
                "# %s: %s\n",
                report.title(),
                String.join(" → ", report.tables().accuracy().tasks())));
        parts.add(MarkdownText.list(Summary.of(report)));
        parts.addAll(accuracyAndMetrics(report));
        if (!report.tables().probes().probes().isEmpty()) {
            parts.add("General: accuracy in percent on sets that no task trains on.\n");
            parts.add(general(report));
        }
        if (!report.published().isEmpty()) {
            parts.add("Beside published figures: means over the tasks, in percent.\n");
            parts.add(published(report));
        }
        RankTable ranks = report.tables().ranks();
        if (!ranks.widths().isEmpty() && !ranks.rows().isEmpty()) {
            parts.add("Protected directions per site: mean (least–most) over the blocks, after each task.\n");
            parts.add(ranks(ranks));
        }
        if (!report.tables().spectra().isEmpty()) {
            parts.add(
                    "Energy of each task's features inside the protected directions before and after it, in percent,\n"
                            + "and directions added: means over a tower's weights.\n");
            parts.add(coverage(report.tables()));
        }
        if (!report.course().stages().isEmpty()) {
            parts.add(stages(report.course().stages()) + perStepAndTask(report.course()));
        }
        parts.add(MarkdownText.pairs("Settings:", pairs(report.facts().config(), "")));
        parts.add(MarkdownText.pairs("Versions:", pairs(report.facts().versions(), "")));
        return String.join("\n", parts);
    }

    private static List<String> accuracyAndMetrics(RunReport report) {
        AccuracyTable table = report.tables().accuracy();
        MarkdownTable accuracies = new MarkdownTable(header("after", table.tasks()));
        table.zeroShot().ifPresent(row -> accuracies.add(numbers(row.after(), row.percent(), row.mean())));
        table.rows().forEach(row -> accuracies.add(numbers(row.after(), row.percent(), row.mean())));

        ContinualMetrics metrics = report.metrics();
        MarkdownTable measures = new MarkdownTable(header("metric", table.tasks()));
        addMeasure(measures, "Transfer", metrics.transfer());
        addMeasure(measures, "Average", metrics.average());
        addMeasure(measures, "Last", metrics.last());
        addMeasure(measures, "Forgetting", metrics.forgetting());
        addMeasure(measures, "Backward transfer", metrics.backwardTransfer());

        List<MarkdownTable> tables = new ArrayList<>(List.of(accuracies, measures));
        if (!Double.isNaN(Headline.LAST.margin(report))) {
            tables.add(testSets(report));
        }
        int[] widths = tables.stream()
                .map(MarkdownTable::widths)
                .reduce(MarkdownReport::widest)
                .orElseThrow();
        List<String> parts = new ArrayList<>(List.of("Accuracy in percent on every test set, after each task.\n"));
        tables.forEach(each -> parts.add(each.text(widths)));
        parts.add(LEGEND);
        if (tables.size() > 2) {
            parts.add(CERTAINTY);
        }
        return parts;
    }

    private static MarkdownTable testSets(RunReport report) {
        Accuracies last = Headline.LAST.accuracies(report);
        List<String> tasks = report.tables().accuracy().tasks();
        List<TestSet> sets = tasks.stream().map(report.facts().tests()::get).toList();
        MarkdownTable table = new MarkdownTable(header("test set", tasks));
        table.add(cells("images", sets.stream().map(set -> "" + set.images()), UNDEFINED));
        table.add(cells("classes", sets.stream().map(set -> "" + set.classes()), UNDEFINED));
        table.add(numbers("chance", sets.stream().map(TestSet::chance).toList(), last.chance()));
        List<Double> margins = tasks.stream()
                .map(task ->
                        report.facts().tests().get(task).margin(last.percent().get(task)))
                .toList();
        table.add(numbers("Last, ±", margins, last.margin()));
        return table;
    }

    private static List<String> cells(String name, Stream<String> values, String mean) {
        List<String> cells = new ArrayList<>(List.of(name));
        values.forEach(cells::add);
        cells.add(mean);
        return cells;
    }

    private static String general(RunReport report) {
        ProbeTable probes = report.tables().probes();
        boolean known = !Double.isNaN(Headline.GENERAL.margin(report));
        List<String> header = new ArrayList<>(List.of("probe"));
        probes.rows().forEach(row -> header.add(row.after()));
        if (known) {
            header.addAll(List.of("±", "chance", "images", "classes"));
        }
        MarkdownTable table = new MarkdownTable(header);
        for (int i = 0; i < probes.probes().size(); i++) {
            List<String> cells = new ArrayList<>(List.of(probes.probes().get(i)));
            for (AccuracyTable.Row row : probes.rows()) {
                cells.add(number(row.percent().get(i)));
            }
            if (known) {
                TestSet set = report.facts().tests().get(probes.probes().get(i));
                double end =
                        probes.rows().get(probes.rows().size() - 1).percent().get(i);
                cells.addAll(
                        List.of(number(set.margin(end)), number(set.chance()), "" + set.images(), "" + set.classes()));
            }
            table.add(cells);
        }
        return table.text(table.widths());
    }

    private static String published(RunReport report) {
        MarkdownTable table = new MarkdownTable(List.of("method", "Transfer", "Average", "Last", "source"));
        ContinualMetrics own = report.metrics();
        table.add(List.of(
                report.title(),
                number(own.transfer().mean()),
                number(own.average().mean()),
                number(own.last().mean()),
                "this run"));
        report.published()
                .forEach(row -> table.add(List.of(
                        row.method(),
                        number(row.transfer()),
                        number(row.average()),
                        number(row.last()),
                        row.source() == null ? UNDEFINED : row.source())));
        return table.text(table.widths());
    }

    /** With one decimal; a dash when not defined. */
    static String number(Double value) {
        return value == null || value.isNaN() ? UNDEFINED : oneDecimal(value);
    }

    private static List<String> header(String first, List<String> tasks) {
        List<String> cells = new ArrayList<>();
        cells.add(first);
        cells.addAll(tasks);
        cells.add("mean");
        return cells;
    }

    private static void addMeasure(MarkdownTable table, String name, Metric measure) {
        table.add(numbers(name, measure.perTask(), measure.mean()));
    }

    private static List<String> numbers(String name, List<Double> values, double mean) {
        return cells(name, values.stream().map(MarkdownReport::number), number(mean));
    }

    private static String ranks(RankTable ranks) {
        List<String> header = new ArrayList<>(List.of("site", "width"));
        ranks.rows().forEach(row -> header.add(row.after()));
        MarkdownTable table = new MarkdownTable(header);
        ranks.sitesByKind().forEach((kind, sites) -> {
            List<String> cells = new ArrayList<>();
            cells.add(kind);
            cells.add(summary(sites, ranks.widths()));
            ranks.rows().forEach(row -> cells.add(summary(sites, row.ranks())));
            table.add(cells);
        });
        return table.text(table.widths());
    }

    private static String coverage(RunTables tables) {
        Map<String, List<Coverage>> byTower = Coverage.byTower(tables);
        List<String> header = new ArrayList<>(List.of("task"));
        byTower.keySet().forEach(tower -> header.addAll(List.of(tower + " before", "after", "added")));
        MarkdownTable table = new MarkdownTable(header);
        List<String> tasks = tables.spectra().rows().stream()
                .skip(1)
                .map(SpectrumTable.Row::of)
                .toList();
        for (int i = 0; i < tasks.size(); i++) {
            List<String> cells = new ArrayList<>(List.of(tasks.get(i)));
            for (List<Coverage> ofTower : byTower.values()) {
                Coverage coverage = ofTower.get(i);
                cells.addAll(
                        List.of(number(coverage.before()), number(coverage.after()), oneDecimal(coverage.added())));
            }
            table.add(cells);
        }
        return table.text(table.widths());
    }

    private static String summary(List<String> sites, Map<String, Integer> values) {
        IntSummaryStatistics statistics = sites.stream().mapToInt(values::get).summaryStatistics();
        return statistics.getMin() == statistics.getMax()
                ? Integer.toString(statistics.getMin())
                : Math.round(statistics.getAverage()) + " (" + statistics.getMin() + "–" + statistics.getMax() + ")";
    }

    private static String stages(List<StageTimes.StageTime> stages) {
        boolean sums = stages.stream().anyMatch(stage -> stage.sums().calls() > 0);
        List<String> header = new ArrayList<>(List.of("stage", "runs", "seconds"));
        if (sums) {
            header.addAll(List.of("sums over processes", "MB"));
        }
        MarkdownTable table = new MarkdownTable(header);
        for (StageTimes.StageTime stage : stages) {
            List<String> cells =
                    new ArrayList<>(List.of(stage.name(), Integer.toString(stage.runs()), oneDecimal(stage.seconds())));
            if (sums) {
                cells.addAll(List.of(
                        Long.toString(stage.sums().calls()),
                        megabytes(stage.sums().bytes())));
            }
            table.add(cells);
        }
        return table.text(table.widths());
    }

    private static String megabytes(double bytes) {
        return String.format(Locale.ROOT, "%.2f", bytes / MEGABYTE);
    }

    /**
     * Bytes that each step and the rest of a task contribute to sums over the process group; empty for a run of one
     * process.
     */
    private static String perStepAndTask(RunHistory course) {
        int steps = course.losses().stream().mapToInt(LossCurve::steps).sum();
        int tasks = course.losses().size();
        if (steps == 0
                || course.stages().stream().allMatch(stage -> stage.sums().calls() == 0)) {
            return "";
        }
        Sums training = sums(course, true);
        Sums rest = sums(course, false);
        return String.format(
                Locale.ROOT,
                "%nEach process contributes %.1f sums of %s MB in total to a training step, and %s MB in the rest of a task.%n",
                (double) training.calls() / steps,
                megabytes((double) training.bytes() / steps),
                megabytes((double) rest.bytes() / tasks));
    }

    private static Sums sums(RunHistory course, boolean training) {
        return course.stages().stream()
                .filter(stage -> stage.name().equals(StageTimes.TRAINING) == training)
                .map(StageTimes.StageTime::sums)
                .reduce(Sums.NONE, Sums::plus);
    }

    private static List<String> pairs(Map<?, ?> settings, String prefix) {
        List<String> pairs = new ArrayList<>();
        settings.forEach((key, value) -> {
            if (value instanceof Map<?, ?> nested) {
                pairs.addAll(pairs(nested, prefix + key + "."));
            } else {
                pairs.add(prefix + key + "=" + value);
            }
        });
        return pairs;
    }

    private static int[] widest(int[] left, int[] right) {
        return IntStream.range(0, left.length)
                .map(i -> Math.max(left[i], right[i]))
                .toArray();
    }

    private static String oneDecimal(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.equals("-0.0") ? "0.0" : text;
    }
}
