package org.keeplora.bench.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From raw measurements to the page. */
class DistributedPageTest {
    private static final Path HERE = Path.of(System.getProperty("basedir", "benchmarks"));
    private static final Path PAGE = HERE.resolve("DISTRIBUTED.md");
    private static final SeriesFile MEASURED = new SeriesFile(HERE.resolve("results/distributed.csv"));
    private static final TaskSize TASK = new TaskSize("EuroSAT", 128, 10, 64, 2, false, new TaskSize.Tests(1, 120, 10));
    private static final PassTime STEADY = PassTime.steady(0.1, 0.01, 0.001, 0.5);
    private static final Results.Profile PROFILE = new Results.Profile(
            Network.SMALL, TASK, new Costs(STEADY, STEADY, STEADY, STEADY, 0.001, new Costs.OnceATask(0.5, 0.25)));
    private static final String METRICS = """
            {"stages": [{"name": "evaluation", "seconds": 3, "runs": 2}, {"name": "gradient", "seconds": 1, "runs": 1},
             {"name": "adapter start", "seconds": 1, "runs": 1}, {"name": "training", "seconds": %s, "runs": 1, "sums": 20, "sumBytes": 1000},
             {"name": "features", "seconds": 1, "runs": 1}, {"name": "basis growth", "seconds": 1, "runs": 1}]}
            """;

    @TempDir
    private Path work;

    @BeforeEach
    void measure() throws IOException {
        Results.JSON.writeValue(work.resolve("profile.json").toFile(), PROFILE);
        for (int processes : List.of(2, 4)) {
            Link link = new Link(processes + " processes", 1e9, 1e-4);
            Results.JSON.writeValue(work.resolve("link-" + processes + ".json").toFile(), link);
        }
        double[][] seconds = {{1, 8, 7, 9}, {2, 4, 5, 3.5}, {4, 4, 5, 3}};
        for (double[] way : seconds) {
            for (int run = 1; run < way.length; run++) {
                run("runs/" + (int) way[0] + "-" + run, way[run]);
            }
        }
        for (int run = 2; run < 8; run++) {
            run("beside/1-" + run, run % 2 == 0 ? 8 : 16);
        }
        cable("{\"skipped\": \"not allowed here\"}");
    }

    private void run(String name, double seconds) throws IOException {
        Path folder = Files.createDirectories(work.resolve(name));
        Files.writeString(folder.resolve("metrics.json"), String.format(Locale.ROOT, METRICS, seconds));
    }

    private void cable(String json) throws IOException {
        Files.writeString(work.resolve("bytes.json"), json);
    }

    private Results results() throws IOException {
        return GatheredResults.gathered(
                work,
                Map.of("time", "2026-11-26T12:00:00Z", "commit", "abc", "processor", "one of \"them\", 1", "cores", 2));
    }

    @Test
    void thePageHasTheTablesThatTheProgramMakes() throws IOException {
        String page = Files.readString(PAGE);
        assertTrue(page.contains("<!-- measured "), "no measured series on " + PAGE);
        assertEquals(
                DistributedPage.filled(page, MEASURED),
                page,
                "a table of " + PAGE + " is old; fill it by org.keeplora.bench.distributed.DistributedPage");
    }

    @Test
    void aPageWithoutAPlaceIsRefused() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> DistributedPage.filled("# Nothing\n", MEASURED));
        assertTrue(refused.getMessage().contains("<!-- payloads -->"), refused.getMessage());
    }

    @Test
    void aSeriesThatWasNotMeasuredIsRefused() throws IOException {
        SeriesFile file = new SeriesFile(work.resolve("measured.csv"));
        results().write(file, "2026-11-26-abc");
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> DistributedPage.filled("<!-- measured 2026-11-27-def -->\n<!-- end -->\n", file));
        assertTrue(
                refused.getMessage().endsWith(" has no series 2026-11-27-def; it has [2026-11-26-abc]"),
                refused.getMessage());
    }

    @Test
    void rawRunsBecomeMedians() throws IOException {
        Results results = results();
        assertEquals(9, results.runs().size());
        assertEquals(256 / 8.0, results.median(1, Results.Run::imagesPerSecond));
        assertEquals(256 / 4.0, results.median(2, Results.Run::imagesPerSecond));
        assertEquals(1.5, results.median(1, run -> run.stages().get("evaluation")), "a row, not all rows");
        assertEquals(2, results.cluster(4).computeSharing());
        String tables = new MeasuredTables(results).all();
        assertTrue(
                tables.contains(
                        "| 2 processes, two cores | 64.0 | 51.2 to 73.1 (3) | 2.00, 1.40 to 2.57 | 2.67, 2.13 to 3.05 |"),
                tables);
        assertTrue(tables.contains("another such run on the other core | 24.0 | 16.0 to 32.0 (6) |"), tables);
        assertTrue(tables.contains("Bytes were not measured: not allowed here"), tables);
        long bytes = Payload.bytes(Payload.ofProgram(Network.SMALL, TASK).step()) * 4;
        assertTrue(tables.contains("| training | 8 | 20 | " + Table.whole(bytes) + " | 1,000 |"), tables);
        double seconds = 4 * (0.1 + 0.64 + 0.01);
        assertTrue(tables.contains("| training | 8.00 | " + Table.digits(seconds) + " |"), tables);
    }

    @Test
    void bytesOfAStepAreTheDifferenceOfTwoRuns() throws IOException {
        cable(
                "{\"runs\": [{\"epochs\": 1, \"sent\": [5000000, 5200000]}, {\"epochs\": 4, \"sent\": [7000000, 7200000]}]}");
        long step = 4 * 16 * 128 * (24 + 12) + 8 + 16;
        String expected = "| a step | " + Table.whole(step) + " | 333,333 | " + Table.digits(2e6 / 6 / step) + " |";
        String tables = new MeasuredTables(results()).all();
        assertTrue(tables.contains(expected), tables + "\nhas not\n" + expected);
    }

    @Test
    void seriesAreReadAsTheyWereWritten() throws IOException {
        SeriesFile file = new SeriesFile(work.resolve("measured.csv"));
        Results skipped = results();
        skipped.write(file, "old");
        cable("{\"runs\": [{\"epochs\": 1, \"sent\": [10, 20]}, {\"epochs\": 4, \"sent\": [30, 40]}]}");
        Results results = results();
        skipped.write(file, "new");
        results.write(file, "new");
        assertEquals(skipped, Results.read(file, "old"));
        assertEquals(results, Results.read(file, "new"));
        assertTrue(Files.readString(file.path()).contains("\nold,environment,processor,\"one of \"\"them\"\", 1\"\n"));
    }

    @Test
    void batchesAreKeptByPass() {
        BatchTimes times = new BatchTimes(10);
        times.begin("EuroSAT training", 96);
        times.advance(0);
        times.advance(64);
        times.advance(32);
        times.end();
        List<PassTime.Batch> batches = times.of("EuroSAT training");
        assertEquals(
                List.of(64, 32), batches.stream().map(PassTime.Batch::images).toList());
        assertTrue(batches.stream().allMatch(batch -> batch.seconds() >= 0 && batch.prompts() == 10));
    }
}
