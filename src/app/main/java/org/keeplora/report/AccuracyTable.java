package org.keeplora.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Accuracy in percent on the test set of every task, after every task: {@code acc[row after task][task]}, both in the
 * order of learning. The zero-shot row, measured before the first task, is kept separately.
 */
public final class AccuracyTable {
    private final List<String> tasks;
    private final List<Row> rows = new ArrayList<>();
    private Row zeroShot;

    /**
     * One evaluation of all test sets.
     *
     * @param after the task just learned, or {@value #ZERO_SHOT}
     * @param percent accuracy on each task's test set, in task order
     */
    public record Row(String after, List<Double> percent) {
        public Row {
            percent = List.copyOf(percent);
        }

        /** A row of {@code table} with one percentage, 0..100, for each of {@code columns}. */
        static Row of(String table, String after, List<String> columns, double[] percent) {
            if (percent.length != columns.size()) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "%s: row \"%s\" has %d values but %d columns",
                        table,
                        after,
                        percent.length,
                        columns.size()));
            }
            List<Double> values = new ArrayList<>();
            for (int j = 0; j < percent.length; j++) {
                if (!(percent[j] >= 0 && percent[j] <= 100)) {
                    throw new IllegalArgumentException(String.format(
                            Locale.ROOT,
                            "%s: row \"%s\", %s is %s; must be a percentage, 0..100",
                            table,
                            after,
                            columns.get(j),
                            percent[j]));
                }
                values.add(percent[j]);
            }
            return new Row(after, values);
        }

        /** Mean over the test sets. */
        public double mean() {
            return Metric.mean(percent);
        }
    }

    /** Name of the row measured before the first task. */
    public static final String ZERO_SHOT = "zero-shot";

    /** @param tasks names in the order of learning, at least one, no duplicates */
    public AccuracyTable(List<String> tasks) {
        this.tasks = List.copyOf(tasks);
        if (tasks.isEmpty() || Set.copyOf(tasks).size() != tasks.size()) {
            throw new IllegalArgumentException(
                    "accuracy table: tasks are " + tasks + "; need at least one, none twice");
        }
    }

    /**
     * Adds the row of the next task.
     *
     * @param after the task's name; rows must be added in task order
     * @param percent accuracy on each task's test set, in task order, each 0..100
     */
    public void addRow(String after, double[] percent) {
        if (isComplete() || !tasks.get(rows.size()).equals(after)) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "accuracy table: row %d is for %s but got \"%s\"",
                    rows.size() + 1,
                    isComplete() ? "none, all tasks have one" : tasks.get(rows.size()),
                    after));
        }
        rows.add(Row.of("accuracy table", after, tasks, percent));
    }

    /** Sets the row measured before the first task; {@code percent} as in {@link #addRow}. */
    public void setZeroShot(double[] percent) {
        zeroShot = Row.of("accuracy table", ZERO_SHOT, tasks, percent);
    }

    public List<String> tasks() {
        return tasks;
    }

    /** The rows so far, in task order. */
    public List<Row> rows() {
        return List.copyOf(rows);
    }

    public Optional<Row> zeroShot() {
        return Optional.ofNullable(zeroShot);
    }

    /** Whether every task has its row. */
    public boolean isComplete() {
        return rows.size() == tasks.size();
    }
}
