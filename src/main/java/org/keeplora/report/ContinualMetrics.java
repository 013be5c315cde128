package org.keeplora.report;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The MTIL benchmark's metrics of a complete accuracy table, in percent and by task; a task without a value holds NaN.
 *
 * @param transfer mean over the rows before the task is learned (none for the first task)
 * @param average mean over all rows
 * @param last the last row
 * @param forgetting best accuracy of any row before the last, from the task's own on, minus the last row (none for the last task)
 * @param backwardTransfer last row minus the row after the task itself (none for the last task)
 */
public record ContinualMetrics(
        double[] transfer, double[] average, double[] last, double[] forgetting, double[] backwardTransfer) {

    /**
     * @throws IllegalArgumentException when not every task has its row
     */
    public static ContinualMetrics of(AccuracyTable table) {
        int tasks = table.tasks().size();
        if (table.learned() != tasks || tasks == 0) {
            throw new IllegalArgumentException(
                    "metrics of " + table.learned() + " rows; one for each of the " + tasks + " tasks is needed");
        }
        int last = tasks - 1;
        return new ContinualMetrics(
                byTask(tasks, j -> mean(table, 0, j, j)),
                byTask(tasks, j -> mean(table, 0, tasks, j)),
                byTask(tasks, j -> table.get(last, j)),
                byTask(tasks, j -> IntStream.range(j, last)
                        .mapToDouble(i -> table.get(i, j) - table.get(last, j))
                        .max()
                        .orElse(Double.NaN)),
                byTask(tasks, j -> j == last ? Double.NaN : table.get(last, j) - table.get(j, j)));
    }

    private static double[] byTask(int tasks, java.util.function.IntToDoubleFunction value) {
        return IntStream.range(0, tasks).mapToDouble(value).toArray();
    }

    private static double mean(AccuracyTable table, int from, int to, int column) {
        return IntStream.range(from, to)
                .mapToDouble(row -> table.get(row, column))
                .average()
                .orElse(Double.NaN);
    }

    /** Mean of one metric over the tasks that have it; NaN when none has. */
    public static double mean(double[] metric) {
        return Arrays.stream(metric)
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }
}
