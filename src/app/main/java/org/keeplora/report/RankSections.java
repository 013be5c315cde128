package org.keeplora.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.keeplora.report.Charts.Chart;

/**
 * The sections of a page about protected directions: their number over time, and their distribution over the sites at
 * the end.
 */
final class RankSections {
    private static final double PERCENT = 100;
    private static final int WIDTH = 172;
    private static final int HEIGHT = 132;

    private final Charts charts;
    private final List<RunGroup> groups;

    RankSections(Charts charts, List<RunGroup> groups) {
        this.charts = charts;
        this.groups = groups;
    }

    /** Percent of the width that is protected, by kind of site, over time; empty when no run protects anything. */
    Optional<Section> ranks() {
        List<String> kinds = groups.stream()
                .filter(RankSections::protects)
                .flatMap(group -> ranks(group).sitesByKind().keySet().stream())
                .distinct()
                .toList();
        if (kinds.isEmpty()) {
            return Optional.empty();
        }
        String shade = groups.size() == 1 ? "; the shade reaches from the emptiest to the fullest block" : "";
        return Optional.of(new Section(
                "ranks",
                "Protected directions",
                "Percentage of the directions of a weight's input that no later task may change, by the number of tasks learned. "
                        + "The line is the mean over the blocks" + shade + ". At 100 nothing is left to learn with.",
                Section.SMALL,
                kinds.stream()
                        .map(kind -> new Figure(kind, groups.size() == 1 ? range(kind) : lines(kind)))
                        .toList()));
    }

    private static RankTable ranks(RunGroup group) {
        return group.first().tables().ranks();
    }

    private static boolean protects(RunGroup group) {
        return !ranks(group).widths().isEmpty() && !ranks(group).rows().isEmpty();
    }

    /** Percent of the width that is protected at every site of {@code kind}, by row. */
    private static List<List<Double>> shares(RankTable table, String kind) {
        return table.rows().stream()
                .map(row -> percent(table.sharesByKind(row).getOrDefault(kind, List.of())))
                .toList();
    }

    private static List<Double> percent(List<Double> shares) {
        return shares.stream().map(share -> PERCENT * share).toList();
    }

    private static List<Double> means(RunReport run, String kind) {
        return shares(run.tables().ranks(), kind).stream().map(Metric::mean).toList();
    }

    private String range(String kind) {
        List<List<Double>> shares = shares(ranks(groups.get(0)), kind);
        Map<String, Object> data = new HashMap<>(axes());
        data.put("mean", means(groups.get(0).first(), kind));
        data.put("least", shares.stream().map(Collections::min).toList());
        data.put("most", shares.stream().map(Collections::max).toList());
        return charts.svg(new Chart("range", description(kind), data));
    }

    private String lines(String kind) {
        List<Map<String, Object>> series = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            if (protects(groups.get(i)) && ranks(groups.get(i)).sitesByKind().containsKey(kind)) {
                series.add(Map.of("values", groups.get(i).means(run -> means(run, kind)), "style", i));
            }
        }
        Map<String, Object> data = new HashMap<>(axes());
        data.put("series", series);
        data.put("learned", null);
        data.put("chance", null);
        data.put("numbered", false);
        return charts.svg(new Chart("progress", description(kind), data));
    }

    private static Map<String, Object> axes() {
        return Map.of("low", 0, "high", PERCENT, "width", WIDTH, "height", HEIGHT);
    }

    private static String description(String kind) {
        return "Protected share of " + kind + " by number of tasks learned";
    }

    /** The protected part of the width at the end, one cell per site: blocks downwards, kinds to the right. */
    Optional<Section> fullness() {
        List<Figure> figures = groups.stream()
                .filter(RankSections::protects)
                .map(group -> new Figure(groups.size() > 1 ? group.name() : "", fullness(group)))
                .toList();
        return figures.isEmpty()
                ? Optional.empty()
                : Optional.of(new Section(
                        "fullness",
                        "Protected directions at the end",
                        "The same percentage after the last task, for every weight: blocks of the network downwards, kinds of weight to the "
                                + "right. Bright and near 100 is full.",
                        Section.WIDE,
                        figures));
    }

    private String fullness(RunGroup group) {
        RankTable table = ranks(group);
        RankTable.Row last = table.rows().get(table.rows().size() - 1);
        Map<String, List<Double>> kinds = table.sharesByKind(last);
        int blocks = kinds.values().stream().mapToInt(List::size).max().orElse(0);
        List<List<Double>> cells = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            int block = i;
            cells.add(kinds.values().stream()
                    .map(shares -> block < shares.size() ? PERCENT * shares.get(block) : null)
                    .toList());
        }
        return charts.svg(new Chart(
                "heatMap",
                "Protected share of every weight after the last task of " + group.name(),
                Map.of(
                        "columns",
                        List.copyOf(table.sitesByKind().keySet()),
                        "rows",
                        IntStream.range(0, blocks).mapToObj(i -> "block " + i).toList(),
                        "cells",
                        cells,
                        "decimals",
                        0,
                        "low",
                        0,
                        "high",
                        PERCENT,
                        "stairs",
                        false)));
    }
}
