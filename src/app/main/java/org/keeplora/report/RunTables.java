package org.keeplora.report;

import java.util.List;
import java.util.Locale;

/**
 * All measurements of a run that have rows: before the first task, and after each task.
 *
 * @param accuracy on the test set of every task; complete, or only a zero-shot row
 * @param probes on sets that no task trains on; {@link ProbeTable#empty()} when there are none
 * @param ranks protected directions; {@link RankTable#empty()} for methods that protect none
 * @param spectra energy of the protected directions, for the same sites and moments; {@link SpectrumTable#empty()} when
 *     not known
 */
public record RunTables(AccuracyTable accuracy, ProbeTable probes, RankTable ranks, SpectrumTable spectra) {
    public RunTables {
        List<String> kinds = List.copyOf(ranks.sitesByKind().keySet());
        List<String> ranked = ranks.rows().stream().map(RankTable.Row::after).toList();
        List<String> moments =
                spectra.rows().stream().map(SpectrumTable.Row::of).toList();
        if (!spectra.isEmpty() && !(kinds.equals(spectra.kinds()) && ranked.equals(moments))) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "spectra are of %s at %s, but ranks of %s at %s; they must agree",
                    spectra.kinds(),
                    moments,
                    kinds,
                    ranked));
        }
    }
}
