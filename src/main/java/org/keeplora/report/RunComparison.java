package org.keeplora.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Several runs side by side: a line for each, and for those that differ in nothing but the seed their mean and standard deviation.
 *
 * @param runs reports by name, at least one; names as they are shown, in order
 */
public record RunComparison(Map<String, RunReport> runs) {
    /** Settings that may differ between runs that are one to us: they change where and how fast, not what. */
    private static final Set<String> ASIDE = Set.of("output", "runtime", "save", "report", "published");

    private static final Map<String, ToDoubleFunction<RunReport>> MEASURES = measures();

    private static Map<String, ToDoubleFunction<RunReport>> measures() {
        Map<String, ToDoubleFunction<RunReport>> measures = new LinkedHashMap<>();
        measures.put("Transfer", run -> run.metrics().transfer().mean());
        measures.put("Average", run -> run.metrics().average().mean());
        measures.put("Last", run -> run.metrics().last().mean());
        measures.put("General", run -> run.tables().probes().general());
        measures.put("Forgetting", run -> run.metrics().forgetting().mean());
        return measures;
    }

    public RunComparison {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("comparison: no runs; name at least one");
        }
        runs = Collections.unmodifiableMap(new LinkedHashMap<>(runs));
    }

    /** A table: a line a run, and below the seeds of one setting a line with mean ± sample standard deviation. */
    public String markdown() {
        MarkdownTable table = new MarkdownTable(header());
        rows().forEach(table::add);
        return table.text(table.widths());
    }

    /** A line a run, with six decimals. */
    public String csv() {
        List<String> header = new ArrayList<>(List.of("run", "title", "seed"));
        header.addAll(MEASURES.keySet());
        List<List<Object>> lines = new ArrayList<>();
        runs.forEach((name, run) -> {
            List<Object> line =
                    new ArrayList<>(List.of(name, run.title(), run.facts().seed()));
            MEASURES.values().forEach(measure -> line.add(CsvFile.number(measure.applyAsDouble(run))));
            lines.add(line);
        });
        return CsvFile.of(header, lines);
    }

    /** The page: the table, and the charts of a run's own page with a line or a bar for each group of seeds. */
    public String html() {
        List<RunGroup> groups = groups().stream().map(this::group).toList();
        return ReportPage.of(groups, header(), rows());
    }

    private static List<String> header() {
        List<String> header = new ArrayList<>(List.of("run", "method", "seed"));
        header.addAll(MEASURES.keySet());
        return header;
    }

    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        for (List<String> names : groups()) {
            for (String name : names) {
                RunReport run = runs.get(name);
                rows.add(row(
                        List.of(name, run.title(), Long.toString(run.facts().seed())),
                        new RunGroup(name, List.of(run))));
            }
            if (names.size() > 1) {
                RunGroup group = group(names);
                rows.add(row(List.of(group.name(), group.first().title(), "mean ± sd"), group));
            }
        }
        return rows;
    }

    private static List<String> row(List<String> first, RunGroup group) {
        List<String> row = new ArrayList<>(first);
        MEASURES.values().forEach(measure -> row.add(group.meanAndDeviation(measure)));
        return row;
    }

    private RunGroup group(List<String> names) {
        return new RunGroup(groupName(names), names.stream().map(runs::get).toList());
    }

    /** What the names have in common: "lora, 3 seeds" of lora-seed-42, lora-seed-43 and lora-seed-44. */
    private String groupName(List<String> names) {
        if (names.size() == 1) {
            return names.get(0);
        }
        String common = names.stream()
                .reduce((left, right) -> left.substring(0, shared(left, right)))
                .orElseThrow();
        String trimmed = common.replaceFirst("[-_. /]*[^-_. /]*$", "").replaceFirst("[-_. ]*seed$", "");
        String name = trimmed.isEmpty() ? runs.get(names.get(0)).title() : trimmed;
        return name + ", " + names.size() + " seeds";
    }

    private static int shared(String left, String right) {
        int length = Math.min(left.length(), right.length());
        return IntStream.range(0, length)
                .filter(i -> left.charAt(i) != right.charAt(i))
                .findFirst()
                .orElse(length);
    }

    /** Names of runs that differ in nothing but the seed, together; groups in the order of their first run. */
    private List<List<String>> groups() {
        List<List<String>> groups = new ArrayList<>();
        runs.forEach((name, run) -> groups.stream()
                .filter(group -> group.stream().allMatch(other -> isAnotherSeed(run, runs.get(other))))
                .findFirst()
                .ifPresentOrElse(group -> group.add(name), () -> groups.add(new ArrayList<>(List.of(name)))));
        return groups;
    }

    private static boolean isAnotherSeed(RunReport left, RunReport right) {
        return left.facts().seed() != right.facts().seed()
                && left.title().equals(right.title())
                && left.tables()
                        .accuracy()
                        .tasks()
                        .equals(right.tables().accuracy().tasks())
                && settings(left).equals(settings(right));
    }

    private static Map<String, Object> settings(RunReport run) {
        Map<String, Object> settings = new HashMap<>(run.facts().config());
        settings.keySet().removeAll(ASIDE);
        if (settings.get("train") instanceof Map<?, ?> train) {
            Map<?, ?> rest = new HashMap<>(train);
            rest.remove("seed");
            settings.put("train", rest);
        }
        return settings;
    }
}
