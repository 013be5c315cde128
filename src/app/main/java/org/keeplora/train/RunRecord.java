package org.keeplora.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.keeplora.clip.ClassHead;
import org.keeplora.clip.Site;
import org.keeplora.method.CumulativeEnergy;
import org.keeplora.method.Growth;
import org.keeplora.report.AccuracyTable;
import org.keeplora.report.ProbeTable;
import org.keeplora.report.RankTable;
import org.keeplora.report.RunTables;
import org.keeplora.report.SpectrumTable;
import org.keeplora.report.StageTimes;
import org.keeplora.report.Sums;
import org.keeplora.store.ArraySource;
import org.keeplora.store.NamedArray;
import org.keeplora.torch.TorchDevice;

/**
 * The results of a run so far: tables, losses, heads and times. Holds neither the model nor the state of its method.
 * Closes the heads.
 */
final class RunRecord implements AutoCloseable {
    private static final String ZERO_SHOT = "zeroShot";
    private static final String ACCURACY = "accuracy/";
    private static final String PROBES = "probes/";
    private static final String RANKS = "ranks/";
    private static final String SPECTRA = "spectra/";
    private static final String LOSSES = "losses/";
    private static final String HEAD = "head/";
    /** Prefix with the position in the order of stages. */
    private static final String STAGE = Checkpoints.LOCAL + "stage/%03d/";

    private static final String ANY_STAGE = Checkpoints.LOCAL + "stage/\\d+/";

    /** Points of a stored spectrum, evenly spaced from no direction to all. */
    private static final int POINTS = 33;

    private final AccuracyTable accuracy;
    private final ProbeTable probes;
    private final StageTimes times;
    private final List<double[]> losses = new ArrayList<>();
    private final Map<String, ClassHead> heads = new LinkedHashMap<>();
    private RankTable ranks = RankTable.empty();
    private SpectrumTable spectra = SpectrumTable.empty();

    RunRecord(List<String> tasks, List<String> probes, StageTimes times) {
        this.accuracy = new AccuracyTable(tasks);
        this.probes = new ProbeTable(probes);
        this.times = times;
    }

    /**
     * Adds a row to both tables: {@code percent} on every task, then on every probe; {@code after} as in
     * {@link AccuracyTable}.
     */
    void addRow(String after, double[] percent) {
        int tasks = accuracy.tasks().size();
        double[] onTasks = Arrays.copyOf(percent, tasks);
        if (after.equals(AccuracyTable.ZERO_SHOT)) {
            accuracy.setZeroShot(onTasks);
        } else {
            accuracy.addRow(after, onTasks);
        }
        probes.addRow(after, Arrays.copyOfRange(percent, tasks, percent.length));
    }

    /**
     * Begins the tables of ranks and spectra; before that nothing is protected.
     *
     * @param widths input widths of the protected sites
     * @param growths so far, of the sites with known spectra
     */
    void protectionOf(Map<Site, Integer> widths, Map<Site, Growth> growths) {
        ranks = new RankTable(named(widths));
        spectra = new SpectrumTable(named(growths).keySet());
    }

    /** Adds a row to both tables, {@code after} as in {@link RankTable}. */
    void addProtection(String after, Map<Site, Integer> protectedRanks, Map<Site, Growth> growths) {
        ranks.addRow(after, named(protectedRanks));
        Map<String, SpectrumTable.Spectrum> bySite = new LinkedHashMap<>();
        named(growths)
                .forEach((site, growth) -> bySite.put(
                        site,
                        new SpectrumTable.Spectrum(
                                growth.coveredBefore(),
                                growth.coveredAfter(),
                                sampled(growth.energy().orElseThrow()))));
        spectra.addRow(after, bySite);
    }

    private static <V> Map<String, V> named(Map<Site, V> bySite) {
        Map<String, V> byName = new LinkedHashMap<>();
        bySite.forEach((site, value) -> byName.put(site.toString(), value));
        return byName;
    }

    /** Samples the energy at the same number of points for every width. */
    private static List<Double> sampled(CumulativeEnergy energy) {
        return IntStream.range(0, POINTS)
                .mapToObj(i -> energy.share((double) energy.in() * i / (POINTS - 1)))
                .toList();
    }

    /** Losses of every step, by learned task. */
    List<double[]> losses() {
        return losses;
    }

    /** Class heads by task. */
    Map<String, ClassHead> heads() {
        return heads;
    }

    RunTables tables() {
        return new RunTables(accuracy, probes, ranks, spectra);
    }

    /** Number of tasks that have been learned and evaluated. */
    int learned() {
        return accuracy.rows().size();
    }

    List<NamedArray> toArrays() {
        List<NamedArray> arrays = new ArrayList<>();
        accuracy.zeroShot().ifPresent(row -> arrays.add(array(ZERO_SHOT, row.percent())));
        accuracy.rows().forEach(row -> arrays.add(array(ACCURACY + row.after(), row.percent())));
        probes.rows().forEach(row -> arrays.add(array(PROBES + row.after(), row.percent())));
        for (RankTable.Row row : ranks.rows()) {
            long[] values =
                    row.ranks().values().stream().mapToLong(Integer::longValue).toArray();
            arrays.add(NamedArray.of(RANKS + row.after(), new long[] {values.length}, values));
        }
        spectra.rows().forEach(row -> row.spectra()
                .forEach((kind, spectrum) -> arrays.add(array(SPECTRA + row.of() + "/" + kind, numbers(spectrum)))));
        for (int i = 0; i < losses.size(); i++) {
            arrays.add(NamedArray.of(LOSSES + i, new long[] {losses.get(i).length}, losses.get(i)));
        }
        heads.forEach((task, head) -> arrays.add(head.toArray(HEAD + task)));
        List<StageTimes.StageTime> stages = times.totals();
        for (int i = 0; i < stages.size(); i++) {
            String name = String.format(Locale.ROOT, STAGE, i) + stages.get(i).name();
            StageTimes.StageTime stage = stages.get(i);
            double[] numbers = {
                stage.seconds(),
                stage.runs(),
                stage.sums().calls(),
                stage.sums().bytes()
            };
            arrays.add(NamedArray.of(name, new long[] {numbers.length}, numbers));
        }
        return arrays;
    }

    private static List<Double> numbers(SpectrumTable.Spectrum spectrum) {
        List<Double> numbers = new ArrayList<>(List.of(spectrum.before(), spectrum.after()));
        numbers.addAll(spectrum.shares());
        return numbers;
    }

    private static NamedArray array(String name, List<Double> values) {
        double[] copy = values.stream().mapToDouble(Double::doubleValue).toArray();
        return NamedArray.of(name, new long[] {copy.length}, copy);
    }

    /**
     * Restores what {@link #toArrays} wrote; {@code stored} may hold other arrays too. If a table of ranks was saved,
     * it must have begun here too.
     */
    void restore(ArraySource stored, TorchDevice device) {
        accuracy.setZeroShot(stored.get(ZERO_SHOT).toDoubles());
        probes.addRow(
                AccuracyTable.ZERO_SHOT,
                stored.get(PROBES + AccuracyTable.ZERO_SHOT).toDoubles());
        if (stored.names().contains(RANKS + RankTable.PRE_TRAINING)) {
            restoreProtection(RankTable.PRE_TRAINING, stored);
        }
        for (String task : accuracy.tasks()) {
            if (stored.names().contains(ACCURACY + task)) {
                accuracy.addRow(task, stored.get(ACCURACY + task).toDoubles());
                probes.addRow(task, stored.get(PROBES + task).toDoubles());
                restoreProtection(task, stored);
                losses.add(stored.get(LOSSES + losses.size()).toDoubles());
            }
            if (stored.names().contains(HEAD + task)) {
                heads.put(task, ClassHead.of(stored.get(HEAD + task), device));
            }
        }
        times.restore(stored.names().stream()
                .filter(name -> name.matches(ANY_STAGE + ".*"))
                .sorted()
                .map(name ->
                        stage(name.replaceFirst(ANY_STAGE, ""), stored.get(name).toDoubles()))
                .toList());
    }

    private static StageTimes.StageTime stage(String name, double[] numbers) {
        Sums sums = new Sums((long) numbers[2], (long) numbers[3]);
        return new StageTimes.StageTime(name, numbers[0], (int) numbers[1], sums);
    }

    private void restoreProtection(String after, ArraySource stored) {
        long[] values = stored.get(RANKS + after).toLongs();
        Map<String, Integer> bySite = new LinkedHashMap<>();
        int i = 0;
        for (String site : ranks.widths().keySet()) {
            bySite.put(site, (int) values[i++]);
        }
        ranks.addRow(after, bySite);
        Map<String, SpectrumTable.Spectrum> byKind = new LinkedHashMap<>();
        for (String kind : spectra.kinds()) {
            List<Double> numbers = Arrays.stream(
                            stored.get(SPECTRA + after + "/" + kind).toDoubles())
                    .boxed()
                    .toList();
            byKind.put(
                    kind,
                    new SpectrumTable.Spectrum(numbers.get(0), numbers.get(1), numbers.subList(2, numbers.size())));
        }
        spectra.addRow(after, byKind);
    }

    @Override
    public void close() {
        heads.values().forEach(ClassHead::close);
        heads.clear();
    }
}
