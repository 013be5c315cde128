package org.keeplora.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleBiFunction;

/**
 * Accuracies on several test sets, their mean, and its uncertainty.
 *
 * @param percent by name of the set; none NaN
 * @param sets sizes by name; may contain other sets too
 */
record Accuracies(Map<String, Double> percent, Map<String, TestSet> sets) {
    /** Pairs {@code names} with {@code values} by position; undefined values (NaN) are left out. */
    static Accuracies of(List<String> names, List<Double> values, Map<String, TestSet> sets) {
        Map<String, Double> percent = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            if (!values.get(i).isNaN()) {
                percent.put(names.get(i), values.get(i));
            }
        }
        return new Accuracies(percent, sets);
    }

    /** The mean; NaN for no accuracies. */
    double mean() {
        return Metric.mean(List.copyOf(percent.values()));
    }

    /**
     * Half the width of the 95 % interval of the mean, in points; NaN when a size is not known. The sets are
     * independent, so the squares of their margins add (Zou and Donner 2008). Several tests of the same images, as in
     * Average, count as one.
     */
    double margin() {
        return Math.sqrt(mean((set, value) -> Math.pow(set.margin(value), 2)) / percent.size());
    }

    /** The mean accuracy of guessing; NaN when a size is not known. */
    double chance() {
        return mean((set, value) -> set.chance());
    }

    /** Number of test images of all sets; 0 when a size is not known. */
    long images() {
        return isKnown()
                ? percent.keySet().stream()
                        .mapToLong(name -> sets.get(name).images())
                        .sum()
                : 0;
    }

    private boolean isKnown() {
        return percent.keySet().stream().map(sets::get).allMatch(Objects::nonNull);
    }

    private double mean(ToDoubleBiFunction<TestSet, Double> value) {
        if (!isKnown()) {
            return Double.NaN;
        }
        return Metric.mean(percent.entrySet().stream()
                .map(entry -> value.applyAsDouble(sets.get(entry.getKey()), entry.getValue()))
                .toList());
    }
}
