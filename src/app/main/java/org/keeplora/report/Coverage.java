package org.keeplora.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How much of the energy of a task's features was already protected, in one tower; means over its weights.
 *
 * @param task name of the task
 * @param before percent of the features' energy inside the protected directions before the task added directions
 * @param after the same after the task added directions
 * @param added number of added directions
 */
record Coverage(String task, double before, double after, double added) {
    private static final double PERCENT = 100;

    /** All tasks in the order of learning, by tower; empty when no spectra are known. */
    static Map<String, List<Coverage>> byTower(RunTables tables) {
        Map<String, List<Coverage>> byTower = new LinkedHashMap<>();
        tables.spectra()
                .kindsByTower()
                .forEach((tower, kinds) -> byTower.put(
                        tower,
                        IntStream.range(1, tables.spectra().rows().size())
                                .mapToObj(row -> of(tables, row, kinds))
                                .toList()));
        return byTower;
    }

    /** @param row row of the task; the row before it is the previous moment */
    private static Coverage of(RunTables tables, int row, List<String> kinds) {
        SpectrumTable.Row spectra = tables.spectra().rows().get(row);
        return new Coverage(
                spectra.of(),
                percent(spectra, kinds, SpectrumTable.Spectrum::before),
                percent(spectra, kinds, SpectrumTable.Spectrum::after),
                meanRank(tables.ranks(), row, kinds) - meanRank(tables.ranks(), row - 1, kinds));
    }

    /** Mean over {@code kinds}. */
    static double percent(SpectrumTable.Row row, List<String> kinds, ToDoubleFunction<SpectrumTable.Spectrum> share) {
        return PERCENT
                * Metric.mean(kinds.stream()
                        .map(kind -> share.applyAsDouble(row.spectra().get(kind)))
                        .toList());
    }

    private static double meanRank(RankTable table, int row, List<String> kinds) {
        Map<String, Integer> ranks = table.rows().get(row).ranks();
        return Metric.mean(kinds.stream()
                .flatMap(kind -> table.sitesByKind().get(kind).stream())
                .map(site -> (double) ranks.get(site))
                .toList());
    }
}
