package org.keeplora.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Several runs side by side: one line for each run, and mean and standard deviation for runs that differ only in the
 * seed.
 *
 * @param runs reports by name, at least one; names are shown as given, in this order
 */
public record RunComparison(Map<String, RunReport> runs) {
    /** Settings that are ignored when grouping runs: they change where and how fast a run computes, not what. */
    private static final Set<String> IGNORED_SETTINGS = Set.of("output", "runtime", "save", "report", "published");

    private static final String MEAN = "mean ± sd";

    public RunComparison {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("comparison: no runs; name at least one");
        }
        runs = Collections.unmodifiableMap(new LinkedHashMap<>(runs));
    }

    /**
     * A table with one line per run, and below several seeds of one setting a line with mean ± sample standard
     * deviation; then the conclusions.
     */
    public String markdown() {
        MarkdownTable table = new MarkdownTable(header());
        lines().forEach(line -> table.add(line.cells()));
        List<String> verdict = ComparisonSummary.of(runGroups());
        return table.text(table.widths()) + (verdict.isEmpty() ? "" : "\n" + MarkdownText.list(verdict));
    }

    /** One line per run, with six decimals. */
    public String csv() {
        List<String> header = new ArrayList<>(List.of("run", "title", "seed"));
        header.addAll(titles());
        List<List<Object>> lines = new ArrayList<>();
        runs.forEach((name, run) -> {
            List<Object> line =
                    new ArrayList<>(List.of(name, run.title(), run.facts().seed()));
            Arrays.stream(Headline.values()).forEach(headline -> line.add(CsvFile.number(headline.of(run))));
            lines.add(line);
        });
        return CsvFile.of(header, lines);
    }

    /** The page: the table, and the charts of a run's own page with one line or bar for each group of seeds. */
    public String html() {
        return ReportPage.of(runGroups(), lines());
    }

    private List<RunGroup> runGroups() {
        return groups().stream().map(this::group).toList();
    }

    private static List<String> titles() {
        return Arrays.stream(Headline.values()).map(Headline::title).toList();
    }

    private static List<String> header() {
        List<String> header = new ArrayList<>(List.of("run", "method", "seed"));
        header.addAll(titles());
        return header;
    }

    /**
     * A line of the table.
     *
     * @param figures one for each {@link Headline}, in their order
     */
    record Line(String name, String method, String seed, List<String> figures) {
        private static Line of(RunGroup group, String seed) {
            return new Line(
                    group.name(),
                    group.first().title(),
                    seed,
                    Arrays.stream(Headline.values())
                            .map(headline ->
                                    group.meanAndDeviation(headline::of).replace("± ", "±\u00a0"))
                            .toList());
        }

        /** The line below the method: which of its runs this is, if that is not clear. */
        String note() {
            String which = seed.equals(MEAN) ? MEAN : "seed " + seed;
            return name.equals(method) ? which : name + ", " + which;
        }

        private List<String> cells() {
            List<String> cells = new ArrayList<>(List.of(name, method, seed));
            figures.forEach(figure -> cells.add(figure.replace('\u00a0', ' ')));
            return cells;
        }
    }

    private List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (List<String> names : groups()) {
            for (String name : names) {
                RunReport run = runs.get(name);
                lines.add(Line.of(
                        new RunGroup(name, List.of(run)),
                        Long.toString(run.facts().seed())));
            }
            if (names.size() > 1) {
                lines.add(Line.of(group(names), MEAN));
            }
        }
        return lines;
    }

    private RunGroup group(List<String> names) {
        return new RunGroup(groupName(names), names.stream().map(runs::get).toList());
    }

    /** The common part of the names: "lora (3 seeds)" for lora-seed-42, lora-seed-43 and lora-seed-44. */
    private String groupName(List<String> names) {
        if (names.size() == 1) {
            return names.get(0);
        }
        String common = names.stream()
                .reduce((left, right) -> left.substring(0, commonPrefixLength(left, right)))
                .orElseThrow();
        String trimmed = common.replaceFirst("[-_. /]*[^-_. /]*$", "").replaceFirst("[-_. ]*seed$", "");
        String name = trimmed.isEmpty() ? runs.get(names.get(0)).title() : trimmed;
        return name + " (" + names.size() + " seeds)";
    }

    private static int commonPrefixLength(String left, String right) {
        int length = Math.min(left.length(), right.length());
        return IntStream.range(0, length)
                .filter(i -> left.charAt(i) != right.charAt(i))
                .findFirst()
                .orElse(length);
    }

    /** Names of runs that differ only in the seed, grouped; groups in the order of their first run. */
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
        settings.keySet().removeAll(IGNORED_SETTINGS);
        if (settings.get("train") instanceof Map<?, ?> train) {
            Map<?, ?> rest = new HashMap<>(train);
            rest.remove("seed");
            settings.put("train", rest);
        }
        return settings;
    }
}
