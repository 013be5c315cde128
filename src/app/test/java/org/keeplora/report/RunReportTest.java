package org.keeplora.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.report.StageTimes.StageTime;

/** Both files of a small run, character by character, and which parts may be missing. */
class RunReportTest {
    @Test
    void jsonEqualsTheExpectedFile() throws IOException {
        assertEquals(golden("metrics.json"), sample().json());
    }

    @Test
    void markdownEqualsTheExpectedFile() throws IOException {
        assertEquals(golden("report.md"), sample().markdown());
    }

    @Test
    void spectraAreATableForSpreadsheets() {
        assertEquals("""
                of,site,before,after,0,0.33333,0.66667,1
                pre-training,vision.q,0.0,0.85005,0.0,0.675,0.78333,1.0
                pre-training,vision.o,0.0,0.85,0.0,0.5,0.8,1.0
                EuroSAT,vision.q,0.7,0.99,0.7,0.7,0.999,1.0
                EuroSAT,vision.o,0.8,1.0,0.8,0.8,1.0,1.0
                MNIST,vision.q,0.91235,0.99,0.91235,0.95,1.0,1.0
                MNIST,vision.o,1.0,1.0,1.0,1.0,1.0,1.0
                """, sample().spectraCsv().orElseThrow());
    }

    @Test
    void accuraciesGiveBackTheCountOfCorrectImages() throws IOException {
        AccuracyTable table = new AccuracyTable(List.of("SUN397"));
        int images = 21_751;
        int correct = 13_337;
        table.addRow("SUN397", new double[] {100.0 * correct / images});
        JsonNode json = new ObjectMapper().readTree(bare(table).json());

        double percent = json.at("/accuracy/rows/0/percent/0").asDouble();
        assertEquals(correct, Math.round(percent / 100 * images));
        assertTrue(Math.abs(percent / 100 * images - correct) < 1e-3, "six decimals of a percent");
    }

    @Test
    void undefinedMetricsAreNullAndADash() throws IOException {
        AccuracyTable table = new AccuracyTable(List.of("MNIST"));
        table.addRow("MNIST", new double[] {90});
        RunReport report = bare(table);
        JsonNode transfer = new ObjectMapper().readTree(report.json()).at("/metrics/transfer");

        assertTrue(transfer.at("/perTask/0").isNull());
        assertTrue(transfer.at("/mean").isNull());
        assertTrue(report.markdown().contains("| Transfer          |     – |    – |"), report.markdown());
    }

    @Test
    void withoutBasesThereIsNoRankTable() {
        AccuracyTable table = new AccuracyTable(List.of("MNIST"));
        table.setZeroShot(new double[] {20});

        assertFalse(bare(table).markdown().contains("Protected directions"));
        assertFalse(bare(table).markdown().contains("Energy of each task"));
        assertFalse(bare(table).json().contains("spectra"));
        assertEquals(Optional.empty(), bare(table).spectraCsv());
        assertFalse(bare(table).markdown().contains("| stage"));
        assertFalse(bare(table).markdown().contains("General"));
        assertFalse(bare(table).markdown().contains("published"));
    }

    private static RunReport bare(AccuracyTable table) {
        RunTables tables = new RunTables(table, ProbeTable.empty(), RankTable.empty(), SpectrumTable.empty());
        return new RunReport(
                "x", tables, RunHistory.of(List.of()), List.of(), new RunFacts(1, Map.of(), Map.of(), Map.of()));
    }

    /** EuroSAT, then MNIST, unprotected; accuracies are from counts of correct images. */
    static RunReport sample() {
        AccuracyTable table = new AccuracyTable(List.of("EuroSAT", "MNIST"));
        table.setZeroShot(new double[] {100.0 * 19 / 120, 100.0 * 123 / 600});
        table.addRow("EuroSAT", new double[] {100.0 * 61 / 120, 100.0 * 106 / 600});
        table.addRow("MNIST", new double[] {100.0 * 32 / 120, 100.0 * 435 / 600});
        ProbeTable probes = new ProbeTable(List.of("general-probe"));
        probes.addRow(AccuracyTable.ZERO_SHOT, new double[] {17.7});
        probes.addRow("EuroSAT", new double[] {11.6});
        probes.addRow("MNIST", new double[] {10.9});
        RunTables tables = new RunTables(table, probes, sampleRanks(), sampleSpectra());
        List<Published> published = List.of(new Published("zero-shot", 20.5, null, 18.2, "an earlier run"));
        return new RunReport("keeplora (paper)", tables, sampleCourse(), published, sampleFacts());
    }

    private static RankTable sampleRanks() {
        RankTable ranks =
                new RankTable(ordered("vision.0.q", 128, "vision.0.o", 128, "vision.1.q", 128, "vision.1.o", 128));
        ranks.addRow(
                RankTable.PRE_TRAINING, Map.of("vision.0.q", 41, "vision.0.o", 70, "vision.1.q", 60, "vision.1.o", 70));
        ranks.addRow("EuroSAT", Map.of("vision.0.q", 44, "vision.0.o", 75, "vision.1.q", 66, "vision.1.o", 77));
        ranks.addRow("MNIST", Map.of("vision.0.q", 47, "vision.0.o", 80, "vision.1.q", 72, "vision.1.o", 85));
        return ranks;
    }

    private static SpectrumTable sampleSpectra() {
        SpectrumTable spectra = new SpectrumTable(List.of("vision.0.q", "vision.0.o", "vision.1.q", "vision.1.o"));
        spectra.addRow(
                RankTable.PRE_TRAINING,
                Map.of(
                        "vision.0.q", spectrum(0, 0.85, 0, 0.75, 0.9, 1.0),
                        "vision.1.q", spectrum(0, 0.8501, 0, 0.6, 2.0 / 3, 1.0),
                        "vision.0.o", spectrum(0, 0.85, 0, 0.5, 0.8, 1.0),
                        "vision.1.o", spectrum(0, 0.85, 0, 0.5, 0.8, 1.0)));
        spectra.addRow(
                "EuroSAT",
                Map.of(
                        "vision.q",
                        spectrum(0.7, 0.99, 0.7, 0.7, 0.999, 1),
                        "vision.o",
                        spectrum(0.8, 1, 0.8, 0.8, 1, 1)));
        spectra.addRow(
                "MNIST",
                Map.of(
                        "vision.q", spectrum(0.912345678, 0.99, 0.912345678, 0.95, 1, 1),
                        "vision.o", spectrum(1, 1, 1, 1, 1, 1)));
        return spectra;
    }

    private static SpectrumTable.Spectrum spectrum(double before, double after, double... shares) {
        return new SpectrumTable.Spectrum(
                before, after, Arrays.stream(shares).boxed().toList());
    }

    private static RunHistory sampleCourse() {
        List<StageTime> stages = List.of(
                new StageTime("gradient", 3.21987, 2),
                new StageTime("train", 61.4, 2),
                new StageTime("features", 4, 2),
                new StageTime("evaluate", 12.34567, 3));
        List<LossCurve> losses = List.of(
                LossCurve.of("EuroSAT", new double[] {2.25, 1.0 / 3, 0.5}),
                LossCurve.of("MNIST", new double[] {2.3, Double.NaN}));
        return new RunHistory(
                Instant.parse("2026-03-04T05:06:07Z"), stages, losses, new MemoryUse(4_321_000_000L, 123_456_789L));
    }

    /** 5 steps, 2 tasks. */
    @Test
    void sumsOverProcessesAreShownAndReadBack(@TempDir Path folder) throws IOException {
        List<StageTime> stages = List.of(
                new StageTime("training", 61.4, 2, new Sums(20, 10_000_000)),
                new StageTime("features", 4, 2, new Sums(2, 5_000_000)));
        RunHistory course = new RunHistory(null, stages, sampleCourse().losses(), null);
        RunReport report =
                new RunReport("x", sample().tables(), course, List.of(), new RunFacts(1, Map.of(), Map.of(), Map.of()));
        Path file = Files.writeString(folder.resolve("metrics.json"), report.json());
        assertEquals(stages, RunReport.read(file).course().stages());
        assertTrue(
                report.markdown()
                        .contains(
                                "Each process contributes 4.0 sums of 2.00 MB in total to a training step, and 2.50 MB in the rest"
                                        + " of a task."),
                report.markdown());
        assertTrue(report.html(List.of()).contains("contributed to sums over processes"));
    }

    private static RunFacts sampleFacts() {
        return new RunFacts(
                42,
                ordered("java", "17.0.15", "os", "Linux amd64", "libtorch", "2.10.0", "openblas", "0.3.31"),
                ordered(
                        "method", "keeplora",
                        "preset", "paper",
                        "tasks", List.of("EuroSAT", "MNIST"),
                        "lora", ordered("rank", 16, "alpha", 16.0),
                        "energyShare", ordered("vision", 0.85, "text", 0.2, "features", 0.99),
                        "training",
                                ordered(
                                        "epochs",
                                        5,
                                        "batchSize",
                                        64,
                                        "learningRate",
                                        1e-3,
                                        "weightDecay",
                                        0.01,
                                        "seed",
                                        42)),
                ordered(
                        "EuroSAT",
                        new TestSet(120, 10),
                        "MNIST",
                        new TestSet(600, 10),
                        "general-probe",
                        new TestSet(2000, 200)));
    }

    @SuppressWarnings("unchecked")
    private static <V> Map<String, V> ordered(Object... pairs) {
        Map<String, V> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], (V) pairs[i + 1]);
        }
        return map;
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = RunReportTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
