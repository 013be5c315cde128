package org.keeplora.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Accuracy in percent on every task's test set: before the first task, then after each task, in task order. */
public final class AccuracyTable {
    private final List<String> tasks;
    private final List<double[]> rows = new ArrayList<>();
    private double[] zeroShot;

    public AccuracyTable(List<String> tasks) {
        this.tasks = List.copyOf(tasks);
    }

    /** Names of the tasks, which are both the columns and, in this order, the rows. */
    public List<String> tasks() {
        return tasks;
    }

    /** Sets the row before the first task [tasks]. */
    public void zeroShot(double[] percent) {
        zeroShot = checked(percent);
    }

    /** The row before the first task [tasks]. */
    public double[] zeroShot() {
        if (zeroShot == null) {
            throw new IllegalStateException("accuracy before the first task was not set");
        }
        return zeroShot.clone();
    }

    /** Adds the row after the next task [tasks]. */
    public void addRow(double[] percent) {
        if (rows.size() == tasks.size()) {
            throw new IllegalStateException("accuracy table of " + tasks.size() + " tasks has a row for each already");
        }
        rows.add(checked(percent));
    }

    private double[] checked(double[] percent) {
        if (percent.length != tasks.size() || Arrays.stream(percent).anyMatch(p -> !(p >= 0 && p <= 100))) {
            throw new IllegalArgumentException(
                    "accuracy row " + Arrays.toString(percent) + "; one percentage is needed for each of " + tasks);
        }
        return percent.clone();
    }

    /** Number of tasks learned so far. */
    public int learned() {
        return rows.size();
    }

    /** Accuracy on task {@code column} after task {@code row}, both counted from 0. */
    public double get(int row, int column) {
        return rows.get(row)[column];
    }

    /** A copy of the row after task {@code row}. */
    public double[] row(int row) {
        return rows.get(row).clone();
    }
}
