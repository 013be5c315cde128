package org.keeplora.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContinualMetricsTest {
    private static final List<String> TWO = List.of("EuroSAT", "MNIST");

    /** The reference runs of the small CLIP, printed to one decimal in input and output: each may lose half a unit. */
    private static final double PRINTED = 0.1;

    /** Rounding of sums of a few numbers up to 100 in another order. */
    private static final double REORDERED_SUM = 1e-10;

    @ParameterizedTest
    @CsvSource({
        "50.8, 17.7, 26.7, 72.5, 17.7, 41.9, 49.6",
        "45.8, 19.2, 44.2, 66.2, 19.2, 43.8, 55.2",
        "45.0, 15.3, 40.0, 61.3, 15.3, 40.4, 50.7",
        "15.8, 20.5, 15.8, 20.5, 20.5, 18.2, 18.2"
    })
    void agreesWithTheReferenceTable(
            double first1,
            double first2,
            double second1,
            double second2,
            double transfer,
            double average,
            double last) {
        AccuracyTable table = new AccuracyTable(TWO);
        table.addRow("EuroSAT", new double[] {first1, first2});
        table.addRow("MNIST", new double[] {second1, second2});

        ContinualMetrics metrics = ContinualMetrics.of(table);

        assertEquals(transfer, metrics.transfer().mean(), PRINTED);
        assertEquals(average, metrics.average().mean(), PRINTED);
        assertEquals(last, metrics.last().mean(), PRINTED);
        assertEquals(first1 - second1, metrics.forgetting().mean(), REORDERED_SUM);
        assertEquals(second1 - first1, metrics.backwardTransfer().mean(), REORDERED_SUM);
    }

    @Test
    void perTaskValuesOfThreeTasks() {
        AccuracyTable table = new AccuracyTable(List.of("a", "b", "c"));
        table.setZeroShot(new double[] {1, 2, 3});
        table.addRow("a", new double[] {60, 20, 10});
        table.addRow("b", new double[] {70, 80, 16});
        table.addRow("c", new double[] {65, 50, 90});

        ContinualMetrics metrics = ContinualMetrics.of(table);

        assertEquals(List.of(Double.NaN, 20.0, 13.0), metrics.transfer().perTask());
        assertEquals(16.5, metrics.transfer().mean());
        assertEquals(List.of(65.0, 50.0, 116 / 3.0), metrics.average().perTask());
        assertEquals(List.of(65.0, 50.0, 90.0), metrics.last().perTask());
        assertEquals(List.of(5.0, 30.0, Double.NaN), metrics.forgetting().perTask());
        assertEquals(List.of(5.0, -30.0, Double.NaN), metrics.backwardTransfer().perTask());
    }

    @Test
    void equalsThePlainFormulae() {
        int tasks = 7;
        double[][] acc = new double[tasks][tasks];
        SplittableRandom random = new SplittableRandom(3);
        AccuracyTable table = new AccuracyTable(List.of("1", "2", "3", "4", "5", "6", "7"));
        for (int i = 0; i < tasks; i++) {
            for (int j = 0; j < tasks; j++) {
                acc[i][j] = random.nextDouble(100);
            }
            table.addRow(Integer.toString(i + 1), acc[i]);
        }
        ContinualMetrics metrics = ContinualMetrics.of(table);

        for (int j = 0; j < tasks; j++) {
            double before = 0;
            double all = 0;
            double best = 0;
            for (int i = 0; i < tasks; i++) {
                before += i < j ? acc[i][j] / j : 0;
                all += acc[i][j] / tasks;
                best = i < tasks - 1 ? Math.max(best, acc[i][j]) : best;
            }
            double last = acc[tasks - 1][j];
            boolean lastTask = j == tasks - 1;
            assertEquals(
                    j == 0 ? Double.NaN : before, metrics.transfer().perTask().get(j), REORDERED_SUM);
            assertEquals(all, metrics.average().perTask().get(j), REORDERED_SUM);
            assertEquals(
                    lastTask ? Double.NaN : best - last,
                    metrics.forgetting().perTask().get(j),
                    REORDERED_SUM);
            assertEquals(
                    lastTask ? Double.NaN : last - acc[j][j],
                    metrics.backwardTransfer().perTask().get(j),
                    REORDERED_SUM);
        }
    }

    @Test
    void zeroShotRowAloneIsARunThatTrainsNothing() {
        AccuracyTable alone = new AccuracyTable(TWO);
        alone.setZeroShot(new double[] {15.8, 20.5});
        AccuracyTable repeated = new AccuracyTable(TWO);
        repeated.addRow("EuroSAT", new double[] {15.8, 20.5});
        repeated.addRow("MNIST", new double[] {15.8, 20.5});

        assertEquals(ContinualMetrics.of(repeated), ContinualMetrics.of(alone));
        assertEquals(20.5, ContinualMetrics.of(alone).transfer().mean());
        assertEquals(0, ContinualMetrics.of(alone).forgetting().mean());
    }

    @Test
    void oneTaskHasNoTransferAndNoForgetting() {
        AccuracyTable table = new AccuracyTable(List.of("MNIST"));
        table.addRow("MNIST", new double[] {90});

        ContinualMetrics metrics = ContinualMetrics.of(table);

        assertTrue(Double.isNaN(metrics.transfer().mean()));
        assertTrue(Double.isNaN(metrics.forgetting().mean()));
        assertEquals(90, metrics.average().mean());
    }

    @Test
    void refusesAnUnfinishedTable() {
        AccuracyTable table = new AccuracyTable(TWO);
        table.addRow("EuroSAT", new double[] {1, 2});

        var error = assertThrows(IllegalArgumentException.class, () -> ContinualMetrics.of(table));
        assertEquals("metrics: 1 of 2 tasks have a row; every task needs one", error.getMessage());
    }
}
