package org.keeplora.report;

import java.util.List;

/**
 * One metric of a run.
 *
 * @param perTask points (percent) for each task, in task order; NaN where the metric is not defined for that task
 */
public record Metric(List<Double> perTask) {
    public Metric {
        perTask = List.copyOf(perTask);
    }

    /** Mean over the tasks for which the metric is defined; NaN when there is none. */
    public double mean() {
        return mean(perTask);
    }

    static double mean(List<Double> values) {
        return values.stream()
                .filter(value -> !value.isNaN())
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(Double.NaN);
    }

    /** The median: the middle value, or the mean of the two middle values; NaN for no values. */
    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int count = sorted.size();
        return count == 0 ? Double.NaN : (sorted.get((count - 1) / 2) + sorted.get(count / 2)) / 2;
    }
}
