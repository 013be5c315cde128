package org.keeplora.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class AccuracyTableTest {
    private final AccuracyTable table = new AccuracyTable(List.of("EuroSAT", "MNIST"));

    @Test
    void rowsMustComeInTaskOrder() {
        refuses(
                "accuracy table: row 1 is for EuroSAT but got \"MNIST\"",
                () -> table.addRow("MNIST", new double[] {1, 2}));
        table.addRow("EuroSAT", new double[] {1, 2});
        table.addRow("MNIST", new double[] {1, 2});
        refuses(
                "accuracy table: row 3 is for none, all tasks have one but got \"MNIST\"",
                () -> table.addRow("MNIST", new double[] {1, 2}));
    }

    @Test
    void valuesMustBePercentagesOnePerTask() {
        refuses(
                "accuracy table: row \"zero-shot\" has 1 values but 2 columns",
                () -> table.setZeroShot(new double[] {1}));
        refuses(
                "accuracy table: row \"EuroSAT\", MNIST is NaN; must be a percentage, 0..100",
                () -> table.addRow("EuroSAT", new double[] {1, Double.NaN}));
        refuses(
                "accuracy table: row \"EuroSAT\", EuroSAT is 100.5; must be a percentage, 0..100",
                () -> table.addRow("EuroSAT", new double[] {100.5, 1}));
    }

    @Test
    void tasksMustDiffer() {
        refuses(
                "accuracy table: tasks are [a, a]; need at least one, none twice",
                () -> new AccuracyTable(List.of("a", "a")));
    }

    @Test
    void givenArraysMayBeReused() {
        double[] row = {1, 2};
        table.addRow("EuroSAT", row);
        row[0] = 99;

        assertEquals(List.of(1.0, 2.0), table.rows().get(0).percent());
        assertEquals(1.5, table.rows().get(0).mean());
    }

    private static void refuses(String message, Executable action) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }
}
