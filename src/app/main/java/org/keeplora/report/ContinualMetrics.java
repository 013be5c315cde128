package org.keeplora.report;

import java.util.Collections;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The effect of a run on each task, from {@code acc[i][j]}, the accuracy on task j after learning task i, i and j in
 * 1..T.
 *
 * <p>Transfer, Average and Last are as in the MTIL benchmark, forgetting and backward transfer as in Chaudhry et al.
 * (2018) and Lopez-Paz and Ranzato (2017). All are in percentage points.
 *
 * @param transfer mean of acc[i][j] over i &lt; j: the zero-shot ability that is left after earlier tasks; not defined
 *     for the first task
 * @param average mean of acc[i][j] over all i
 * @param last acc[T][j]
 * @param forgetting max over i &lt; T of acc[i][j], minus acc[T][j]: the loss since the best earlier row; not defined
 *     for the last task; negative when the last row is the best
 * @param backwardTransfer acc[T][j] - acc[j][j]: the change since the task was learned; not defined for the last task
 */
public record ContinualMetrics(
        Metric transfer, Metric average, Metric last, Metric forgetting, Metric backwardTransfer) {

    /**
     * Computes all metrics. A table with only a zero-shot row describes a run that trains nothing: each of its rows
     * equals the zero-shot row.
     *
     * @throws IllegalArgumentException when only some tasks have a row, or there is neither a row nor a zero-shot row
     */
    public static ContinualMetrics of(AccuracyTable table) {
        int tasks = table.tasks().size();
        List<List<Double>> acc = rows(table);
        List<Double> last = acc.get(tasks - 1);
        return new ContinualMetrics(
                measure(tasks, j -> mean(acc, j, j)),
                measure(tasks, j -> mean(acc, j, tasks)),
                new Metric(last),
                measure(tasks, j -> j == tasks - 1 ? Double.NaN : best(acc, j) - last.get(j)),
                measure(
                        tasks,
                        j -> j == tasks - 1
                                ? Double.NaN
                                : last.get(j) - acc.get(j).get(j)));
    }

    private static List<List<Double>> rows(AccuracyTable table) {
        int tasks = table.tasks().size();
        if (table.rows().isEmpty() && table.zeroShot().isPresent()) {
            return Collections.nCopies(tasks, table.zeroShot().get().percent());
        }
        if (!table.isComplete()) {
            throw new IllegalArgumentException(
                    "metrics: " + table.rows().size() + " of " + tasks + " tasks have a row; every task needs one");
        }
        return table.rows().stream().map(AccuracyTable.Row::percent).toList();
    }

    private static Metric measure(int tasks, IntToDoubleFunction ofTask) {
        return new Metric(IntStream.range(0, tasks).mapToDouble(ofTask).boxed().toList());
    }

    /** Mean of column j over the first {@code rows} rows; NaN for none. */
    private static double mean(List<List<Double>> acc, int j, int rows) {
        return Metric.mean(acc.subList(0, rows).stream().map(row -> row.get(j)).toList());
    }

    private static double best(List<List<Double>> acc, int j) {
        return acc.subList(0, acc.size() - 1).stream()
                .mapToDouble(row -> row.get(j))
                .max()
                .orElse(Double.NaN);
    }
}
