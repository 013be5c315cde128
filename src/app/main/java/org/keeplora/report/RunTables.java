package org.keeplora.report;

import java.util.List;
import java.util.Locale;

/**
 * Everything that a run measures by the row: before the first task, and after each.
 *
 * @param accuracy on the test set of every task; complete, or with a zero-shot row only
 * @param probes on sets that no task trains on; {@link ProbeTable#empty()} without
 * @param ranks protected directions; {@link RankTable#empty()} for methods that protect none
 * @param spectra of what they protect, of the same sites and moments; {@link SpectrumTable#empty()} where not known
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
