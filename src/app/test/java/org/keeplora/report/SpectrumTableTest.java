package org.keeplora.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keeplora.report.SpectrumTable.Spectrum;

class SpectrumTableTest {
    private final SpectrumTable table =
            new SpectrumTable(List.of("vision.0.q", "vision.1.q", "vision.2.q", "text.0.q"));

    @Test
    void aKindHasTheMedianCurveAndTheMeanShares() {
        table.addRow(
                RankTable.PRE_TRAINING,
                Map.of(
                        "text.0.q", new Spectrum(0.5, 0.75, List.of(0.5, 1.0)),
                        "vision.0.q", new Spectrum(0, 0.25, List.of(0.0, 1.0)),
                        "vision.1.q", new Spectrum(0.25, 1, List.of(0.25, 1.0)),
                        "vision.2.q", new Spectrum(0.5, 1, List.of(1.0, 1.0))));
        assertEquals(
                Map.of(
                        "vision.q", new Spectrum(0.25, 0.75, List.of(0.25, 1.0)),
                        "text.q", new Spectrum(0.5, 0.75, List.of(0.5, 1.0))),
                table.rows().get(0).spectra());
        assertEquals(List.of("vision.q", "text.q"), table.kinds());
    }

    @Test
    void kindsAreTakenAsTheyAre() {
        Map<String, Spectrum> kinds = Map.of(
                "vision.q", new Spectrum(0.1, 0.2, List.of(0.1, 0.3, 1.0)),
                "text.q", new Spectrum(1, 1, List.of(1.0, 1.0, 1.0)));
        table.addRow("MNIST", kinds);
        assertEquals(kinds, table.rows().get(0).spectra());
    }

    @Test
    void anEvenNumberOfBlocksHasTheMeanOfTheTwoInTheMiddle() {
        assertEquals(2.5, Metric.median(List.of(9.0, 1.0, 3.0, 2.0)));
        assertEquals(Double.NaN, Metric.median(List.of()));
    }

    @Test
    void refusesOtherSitesAndOtherLengths() {
        var sites = assertThrows(
                IllegalArgumentException.class,
                () -> table.addRow("MNIST", Map.of("text.0.q", new Spectrum(0, 1, List.of(0.0, 1.0)))));
        assertEquals(
                "spectrum table: row \"MNIST\" is for sites [text.0.q] but the table for [vision.q, text.q]",
                sites.getMessage());
        Spectrum spectrum = new Spectrum(0, 1, List.of(0.0, 1.0));
        table.addRow("MNIST", Map.of("vision.q", spectrum, "text.q", spectrum));
        Spectrum longer = new Spectrum(0, 1, List.of(0.0, 0.5, 1.0));
        var lengths = assertThrows(
                IllegalArgumentException.class,
                () -> table.addRow("DTD", Map.of("vision.q", longer, "text.q", longer)));
        assertEquals(
                "spectrum table: row \"DTD\" makes spectra of [2, 3] shares; all must have as many",
                lengths.getMessage());
    }

    @Test
    void refusesWhatIsNoCumulativeShare() {
        assertThrows(IllegalArgumentException.class, () -> new Spectrum(0.5, 0.4, List.of(0.0, 1.0)));
        assertThrows(IllegalArgumentException.class, () -> new Spectrum(0, 1, List.of(0.0, 1.1)));
        assertThrows(IllegalArgumentException.class, () -> new Spectrum(0, 1, List.of(0.5, 0.4, 1.0)));
        assertThrows(IllegalArgumentException.class, () -> new Spectrum(0, 1, List.of(Double.NaN, 1.0)));
        assertThrows(IllegalArgumentException.class, () -> new Spectrum(0, 1, List.of(1.0)));
    }
}
