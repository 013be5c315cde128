package org.keeplora.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.keeplora.report.Charts.Chart;

/**
 * The sections of a page about energy: where the weights' spectra were cut, and how much of a task's features was
 * already protected.
 */
final class SpectrumSections {
    private static final double PERCENT = 100;
    private static final int WIDTH = 172;
    private static final int HEIGHT = 132;
    /** Line styles as in charts.js. */
    private static final List<String> STYLES = List.of("solid", "dashed", "dotted", "dashed and dotted");

    private final Charts charts;
    private final List<RunGroup> groups;

    SpectrumSections(Charts charts, List<RunGroup> groups) {
        this.charts = charts;
        this.groups = groups;
    }

    private static RunTables tables(RunGroup group) {
        return group.first().tables();
    }

    /** Indices of the groups whose spectra are known; an index is also a line style. */
    private List<Integer> known() {
        return IntStream.range(0, groups.size())
                .filter(i -> groups.get(i).runs().stream()
                        .noneMatch(run -> run.tables().spectra().isEmpty()))
                .boxed()
                .toList();
    }

    /**
     * The spectrum of the pre-trained weights with its cut, one small chart per kind of site; empty when none is known.
     */
    Optional<Section> weights() {
        List<String> kinds = known().stream()
                .flatMap(i -> tables(groups.get(i)).spectra().kinds().stream())
                .distinct()
                .toList();
        return kinds.isEmpty()
                ? Optional.empty()
                : Optional.of(new Section(
                        "spectra",
                        "Spectrum of the pre-trained weights",
                        "How much of a weight's energy (its squared singular values; upwards) its strongest directions hold (to the right, "
                                + "as a share of all directions), both in percent; median over the blocks. A steep rise means that few "
                                + "directions carry most of what was learned before. The mark is the cut: the directions to its left are "
                                + "protected from the start.",
                        Section.SMALL,
                        kinds.stream()
                                .map(kind -> new Figure(kind, weights(kind)))
                                .toList()));
    }

    private String weights(String kind) {
        List<Map<String, Object>> series = new ArrayList<>();
        for (int i : known()) {
            RunGroup group = groups.get(i);
            if (tables(group).spectra().kinds().contains(kind)) {
                Map<String, Object> line = line(group, 0, List.of(kind), i);
                if (known().size() == 1) {
                    line.put("text", cut(group, kind));
                }
                series.add(line);
            }
        }
        return spectrum("Energy of the pre-trained weights " + kind + " by share of their directions", series);
    }

    /** Percent of the energy at evenly spaced numbers of directions, mean over runs and {@code kinds}. */
    private static List<Double> curve(RunGroup group, int row, List<String> kinds) {
        return group.means(run -> {
            Map<String, SpectrumTable.Spectrum> spectra =
                    run.tables().spectra().rows().get(row).spectra();
            int points = spectra.get(kinds.get(0)).shares().size();
            return IntStream.range(0, points)
                    .mapToObj(i -> PERCENT
                            * Metric.mean(kinds.stream()
                                    .map(kind -> spectra.get(kind).shares().get(i))
                                    .toList()))
                    .toList();
        });
    }

    /** Percent of the width that is protected at {@code row}, mean over runs, {@code kinds} and blocks. */
    private static double width(RunGroup group, int row, List<String> kinds) {
        Function<RankTable, List<Double>> shares = ranks -> kinds.stream()
                .flatMap(kind -> ranks.sharesByKind(ranks.rows().get(row)).get(kind).stream())
                .toList();
        return PERCENT * group.mean(run -> Metric.mean(shares.apply(run.tables().ranks())));
    }

    /** Percent of the energy, mean over runs and {@code kinds}. */
    private static double energy(
            RunGroup group, int row, List<String> kinds, ToDoubleFunction<SpectrumTable.Spectrum> share) {
        return group.mean(run -> Coverage.percent(run.tables().spectra().rows().get(row), kinds, share));
    }

    /** How many directions hold how much energy before the first task. */
    private static String cut(RunGroup group, String kind) {
        List<String> kinds = List.of(kind);
        return String.format(
                Locale.ROOT,
                "%.0f %%\nhold %.0f %%",
                width(group, 0, kinds),
                energy(group, 0, kinds, SpectrumTable.Spectrum::after));
    }

    /**
     * The curve from the energy protected before the task to the energy protected after it. Both ends are means but the
     * curve is a median, so it is raised where it would otherwise fall.
     */
    private static Map<String, Object> line(RunGroup group, int row, List<String> kinds, int style) {
        List<Double> curve = curve(group, row, kinds);
        double start = row == 0 ? 0 : width(group, row - 1, kinds);
        double cut = width(group, row, kinds);
        NavigableMap<Double, Double> heights = new TreeMap<>();
        IntStream.range(0, curve.size()).forEach(i -> heights.put(PERCENT * i / (curve.size() - 1), curve.get(i)));
        heights.put(start, energy(group, row, kinds, SpectrumTable.Spectrum::before));
        heights.put(cut, energy(group, row, kinds, SpectrumTable.Spectrum::after));
        double[] highest = {0};
        heights.replaceAll((x, y) -> highest[0] = Math.max(highest[0], y));
        List<List<Double>> points = heights.tailMap(start, true).entrySet().stream()
                .map(point -> List.of(point.getKey(), point.getValue()))
                .toList();
        return new HashMap<>(Map.of(
                "points",
                points,
                "start",
                List.of(start, heights.get(start)),
                "cut",
                List.of(cut, heights.get(cut)),
                "style",
                style));
    }

    private String spectrum(String description, List<Map<String, Object>> series) {
        return charts.svg(
                new Chart("spectrum", description, Map.of("series", series, "width", WIDTH, "height", HEIGHT)));
    }

    /** How much of each task's features was protected before and after it, by tower; empty when not known. */
    Optional<Section> coverage() {
        List<Figure> figures = new ArrayList<>();
        for (int i : known()) {
            RunGroup group = groups.get(i);
            Coverage.byTower(tables(group)).forEach((tower, tasks) -> {
                if (!tasks.isEmpty()) {
                    String caption = groups.size() > 1 ? group.name() + ": " + tower : tower;
                    figures.add(new Figure(caption, spans(caption, tasks, groups.indexOf(group))));
                }
            });
        }
        return figures.isEmpty()
                ? Optional.empty()
                : Optional.of(new Section(
                        "coverage",
                        "How much of each task was already protected",
                        "Of the energy of a task's features, in percent: the hollow mark is what lay inside the protected directions before "
                                + "the task, the full mark what lies there after it. Beside the name: how many directions were added for "
                                + "that, mean over the weights. A short line means that the task needs little that was not needed before."
                                + (groups.stream()
                                                .anyMatch(group -> group.runs().size() > 1)
                                        ? " Of several seeds, the first."
                                        : ""),
                        Section.COLUMNS,
                        figures));
    }

    private String spans(String whose, List<Coverage> tasks, int style) {
        return charts.svg(new Chart(
                "spans",
                "Share of each task's feature energy inside the protected directions before and after it, " + whose,
                Map.of(
                        "labels",
                        tasks.stream()
                                .map(task -> task.task() + ", +" + Math.round(task.added()))
                                .toList(),
                        "spans",
                        tasks.stream()
                                .map(task -> List.of(task.before(), task.after()))
                                .toList(),
                        "texts",
                        tasks.stream()
                                .map(task -> MarkdownReport.number(task.before()) + " → "
                                        + MarkdownReport.number(task.after()))
                                .toList(),
                        "style",
                        style)));
    }

    /**
     * The spectrum of every task's features by tower, one small chart per task; only for a single run, and empty when
     * not known.
     */
    Optional<Section> features() {
        if (groups.size() > 1 || known().isEmpty()) {
            return Optional.empty();
        }
        List<SpectrumTable.Row> rows = tables(groups.get(0)).spectra().rows();
        List<Figure> figures = IntStream.range(1, rows.size())
                .mapToObj(row -> new Figure(
                        rows.get(row).of(), features(row, rows.get(row).of())))
                .toList();
        return figures.isEmpty()
                ? Optional.empty()
                : Optional.of(new Section(
                        "features",
                        "Spectra of the tasks' features",
                        "One chart a task: how much of its features' energy (upwards) so many directions hold (to the right), both in "
                                + "percent; " + styles()
                                + ". A line begins with what was protected before the task (hollow mark) and continues with the "
                                + "strongest directions outside of that; those up to the full mark were added. What is level after it is room "
                                + "that the task does not need.",
                        Section.SMALL,
                        figures));
    }

    private String styles() {
        List<String> towers = towers();
        return String.join(
                ", ",
                IntStream.range(0, towers.size())
                        .mapToObj(i -> STYLES.get(i % STYLES.size()) + " for " + towers.get(i))
                        .toList());
    }

    private List<String> towers() {
        return List.copyOf(tables(groups.get(0)).spectra().kindsByTower().keySet());
    }

    private String features(int row, String task) {
        RunGroup group = groups.get(0);
        List<Map<String, Object>> series = new ArrayList<>();
        tables(group)
                .spectra()
                .kindsByTower()
                .forEach((tower, kinds) -> series.add(line(group, row, kinds, series.size())));
        return spectrum("Energy of the features of " + task + " by share of the directions", series);
    }
}
