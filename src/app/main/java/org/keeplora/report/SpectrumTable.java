package org.keeplora.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The distribution of protected energy over the directions: of the pre-trained weights before the first task, then of
 * each task's features. Empty for methods that protect neither.
 *
 * <p>A site is named as in {@link RankTable}. The table keeps kinds of sites; each has the median spectrum of its
 * blocks.
 */
public final class SpectrumTable {
    private final List<String> kinds;
    private final List<Row> rows = new ArrayList<>();

    /**
     * Cumulative energy; every number is a share of the whole in [0, 1].
     *
     * @param before share inside the protected span before it grew
     * @param after share inside the protected span after it grew
     * @param shares share held by the leading directions, at evenly spaced numbers of directions from none to all; the
     *     same length in the whole table; not falling; constant up to the number of directions that were protected
     *     before
     */
    public record Spectrum(double before, double after, List<Double> shares) {
        public Spectrum {
            shares = List.copyOf(shares);
            List<Double> ends = List.of(before, after);
            if (shares.size() < 2 || !inOrder(shares) || !inOrder(ends)) {
                throw new IllegalArgumentException("spectrum: before " + before + ", after " + after + ", shares "
                        + shares + "; must be two and more shares in 0..1 that do not fall");
            }
        }

        private static boolean inOrder(List<Double> shares) {
            return IntStream.range(0, shares.size())
                    .allMatch(i -> shares.get(i) >= (i == 0 ? 0 : shares.get(i - 1)) && shares.get(i) <= 1);
        }
    }

    /**
     * The spectra of one moment.
     *
     * @param of {@value RankTable#PRE_TRAINING} for the weights; the task just learned for its features
     * @param spectra by kind of site, in the table's order: median of the curves, mean of the other two shares
     */
    public record Row(String of, Map<String, Spectrum> spectra) {
        public Row {
            spectra = Collections.unmodifiableMap(new LinkedHashMap<>(spectra));
        }
    }

    /** @param sites the sites of every row, or their kinds; iteration order is the order of the report */
    public SpectrumTable(Collection<String> sites) {
        this.kinds = List.copyOf(RankTable.byKind(sites).keySet());
    }

    /** The table of a method that protects nothing. */
    public static SpectrumTable empty() {
        return new SpectrumTable(List.of());
    }

    /**
     * Adds a row.
     *
     * @param of {@link RankTable#PRE_TRAINING} or the task just learned
     * @param spectra by site, or by kind of site; for exactly the table's kinds
     */
    public void addRow(String of, Map<String, Spectrum> spectra) {
        Map<String, List<String>> sites = RankTable.byKind(spectra.keySet());
        if (!sites.keySet().equals(Set.copyOf(kinds))) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "spectrum table: row \"%s\" is for sites %s but the table for %s",
                    of,
                    spectra.keySet(),
                    kinds));
        }
        requireSameLength(of, spectra.values());
        Map<String, Spectrum> byKind = new LinkedHashMap<>();
        kinds.forEach(kind -> byKind.put(
                kind, middle(sites.get(kind).stream().map(spectra::get).toList())));
        rows.add(new Row(of, byKind));
    }

    private void requireSameLength(String of, Collection<Spectrum> spectra) {
        List<Integer> lengths = Stream.concat(
                        rows.stream().flatMap(row -> row.spectra().values().stream()), spectra.stream())
                .map(spectrum -> spectrum.shares().size())
                .distinct()
                .toList();
        if (lengths.size() > 1) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "spectrum table: row \"%s\" makes spectra of %s shares; all must have as many",
                    of,
                    lengths));
        }
    }

    private static Spectrum middle(List<Spectrum> blocks) {
        double before = mean(blocks, Spectrum::before);
        return new Spectrum(
                before,
                Math.max(before, mean(blocks, Spectrum::after)), // rounding must not swap them
                IntStream.range(0, blocks.get(0).shares().size())
                        .mapToObj(i -> Metric.median(blocks.stream()
                                .map(block -> block.shares().get(i))
                                .toList()))
                        .toList());
    }

    private static double mean(List<Spectrum> spectra, ToDoubleFunction<Spectrum> share) {
        return Metric.mean(spectra.stream().mapToDouble(share).boxed().toList());
    }

    /** Names without the block, for example {@code vision.q}. */
    public List<String> kinds() {
        return kinds;
    }

    /** Kinds by tower: the name before the first dot. */
    Map<String, List<String>> kindsByTower() {
        return kinds.stream()
                .collect(Collectors.groupingBy(
                        kind -> kind.split("\\.", 2)[0], LinkedHashMap::new, Collectors.toUnmodifiableList()));
    }

    /** Whether there is anything to show. */
    boolean isEmpty() {
        return kinds.isEmpty() || rows.isEmpty();
    }

    /** The rows so far, in the order in which they were added. */
    public List<Row> rows() {
        return List.copyOf(rows);
    }
}
