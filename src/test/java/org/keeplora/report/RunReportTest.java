package org.keeplora.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RunReportTest {
    /** Sums of a few percentages in float64. */
    private static final double ROUNDING = 1e-12;

    private static AccuracyTable table() {
        AccuracyTable table = new AccuracyTable(List.of("EuroSAT", "MNIST"));
        table.zeroShot(new double[] {15.8, 20.5});
        table.addRow(new double[] {50.8, 17.7});
        table.addRow(new double[] {26.7, 72.5});
        return table;
    }

    @Test
    void metricsAreTheBenchmarks() {
        ContinualMetrics metrics = ContinualMetrics.of(table());
        assertArrayEquals(new double[] {Double.NaN, 17.7}, metrics.transfer(), ROUNDING);
        assertEquals((50.8 + 26.7 + 17.7 + 72.5) / 4, ContinualMetrics.mean(metrics.average()), ROUNDING);
        assertEquals((26.7 + 72.5) / 2, ContinualMetrics.mean(metrics.last()), ROUNDING);
        assertArrayEquals(new double[] {50.8 - 26.7, Double.NaN}, metrics.forgetting(), ROUNDING);
        assertArrayEquals(new double[] {26.7 - 50.8, Double.NaN}, metrics.backwardTransfer(), ROUNDING);
    }

    @Test
    void refusesWhatIsIncompleteOrNoPercentage() {
        AccuracyTable table = new AccuracyTable(List.of("a", "b"));
        assertThrows(IllegalStateException.class, table::zeroShot);
        assertThrows(IllegalArgumentException.class, () -> table.addRow(new double[] {1}));
        assertThrows(IllegalArgumentException.class, () -> table.addRow(new double[] {1, 101}));
        assertThrows(IllegalArgumentException.class, () -> ContinualMetrics.of(table));
        table.addRow(new double[] {1, 2});
        table.addRow(new double[] {1, 2});
        assertThrows(IllegalStateException.class, () -> table.addRow(new double[] {1, 2}));
    }

    private static RunReport report() {
        return new RunReport(
                "gradient-lora",
                table(),
                List.of(Map.of(), Map.of()),
                Map.of("training", 12.34),
                Map.of("java", "17"),
                Map.of("seed", 42));
    }

    @Test
    void markdownIsAligned() {
        assertEquals("""
                | gradient-lora | EuroSAT | MNIST | mean |
                |:--------------|--------:|------:|-----:|
                | zero-shot     |    15.8 |  20.5 | 18.2 |
                | after EuroSAT |    50.8 |  17.7 | 34.3 |
                | after MNIST   |    26.7 |  72.5 | 49.6 |
                | **Transfer**  |       - |  17.7 | 17.7 |
                | **Average**   |    38.8 |  45.1 | 41.9 |
                | **Last**      |    26.7 |  72.5 | 49.6 |
                | forgetting    |    24.1 |     - | 24.1 |

                Accuracy in percent. Seconds: training 12.3.
                """, report().markdown());
    }

    @Test
    void jsonHoldsEverything() throws IOException {
        JsonNode json = new ObjectMapper().readTree(report().json());
        assertEquals(15.8, json.at("/accuracy/zero_shot/0").asDouble());
        assertEquals(72.5, json.at("/accuracy/after_task/1/1").asDouble());
        assertEquals(17.7, json.at("/metrics/transfer/mean").asDouble());
        assertTrue(json.at("/metrics/transfer/by_task/0").isNull());
        assertEquals(12.34, json.at("/seconds/training").asDouble());
        assertEquals(42, json.at("/config/seed").asInt());
        assertEquals("17", json.at("/versions/java").asText());
        assertEquals(2, json.at("/ranks").size());
    }

    @Test
    void stageTimesAddUp() {
        StageTimes times = new StageTimes();
        assertEquals(7, times.measure("one", () -> 7));
        times.measure("two", () -> {});
        double before = times.seconds().get("one");
        times.measure("one", () -> {});
        assertTrue(times.seconds().get("one") > before);
        assertEquals(List.of("one", "two"), List.copyOf(times.seconds().keySet()));
    }
}
