package org.keeplora.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How many directions each site protects, before the first task and after every task. Empty for methods that protect
 * none.
 *
 * <p>A site is named {@code tower.block.projection}, for example {@code vision.3.q}.
 */
public final class RankTable {
    /** Name of the row before the first task: directions taken from the pre-trained weights. */
    public static final String PRE_TRAINING = "pre-training";

    private final Map<String, Integer> widths;
    private final List<Row> rows = new ArrayList<>();

    /**
     * The ranks at one moment.
     *
     * @param after the task just learned, or {@value #PRE_TRAINING}
     * @param ranks basis columns by site, sites in the table's order
     */
    public record Row(String after, Map<String, Integer> ranks) {
        public Row {
            ranks = Collections.unmodifiableMap(new LinkedHashMap<>(ranks));
        }
    }

    /**
     * @param widths input width of every site, the upper bound of its rank; iteration order is the order of the report
     */
    public RankTable(Map<String, Integer> widths) {
        this.widths = Collections.unmodifiableMap(new LinkedHashMap<>(widths));
    }

    /** The table of a method that protects nothing. */
    public static RankTable empty() {
        return new RankTable(Map.of());
    }

    /**
     * Adds a row.
     *
     * @param after {@link #PRE_TRAINING} or the task just learned
     * @param ranks for exactly the table's sites, each 0 .. width
     */
    public void addRow(String after, Map<String, Integer> ranks) {
        if (!ranks.keySet().equals(widths.keySet())) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "rank table: row \"%s\" is for sites %s but the table for %s",
                    after,
                    ranks.keySet(),
                    widths.keySet()));
        }
        Map<String, Integer> ordered = new LinkedHashMap<>();
        widths.forEach((site, width) -> {
            int rank = ranks.get(site);
            if (rank < 0 || rank > width) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "rank table: row \"%s\", site %s has rank %d; must be 0..%d",
                        after,
                        site,
                        rank,
                        width));
            }
            ordered.put(site, rank);
        });
        rows.add(new Row(after, ordered));
    }

    public Map<String, Integer> widths() {
        return widths;
    }

    /** The rows so far, in the order in which they were added. */
    public List<Row> rows() {
        return List.copyOf(rows);
    }

    /**
     * Sites that differ only in the block, by common name: {@code vision.q} for {@code vision.0.q, vision.1.q, ...}.
     */
    Map<String, List<String>> sitesByKind() {
        return byKind(widths.keySet());
    }

    /** As {@link #sitesByKind}, for any sites; the name of a kind is its own kind. */
    static Map<String, List<String>> byKind(Collection<String> sites) {
        Map<String, List<String>> kinds = new LinkedHashMap<>();
        for (String site : sites) {
            kinds.computeIfAbsent(site.replaceAll("\\.\\d+(?=\\.|$)", ""), unused -> new ArrayList<>())
                    .add(site);
        }
        return kinds;
    }

    /** The part of the width that {@code row} protects, 0..1, for every site of each of {@link #sitesByKind}. */
    Map<String, List<Double>> sharesByKind(Row row) {
        Map<String, List<Double>> shares = new LinkedHashMap<>();
        sitesByKind()
                .forEach((kind, sites) -> shares.put(
                        kind,
                        sites.stream()
                                .map(site -> (double) row.ranks().get(site) / widths.get(site))
                                .toList()));
        return shares;
    }
}
