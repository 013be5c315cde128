package org.keeplora.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Runs that differ only in the seed, shown as one line; often just one run.
 *
 * @param name the name to show
 * @param runs at least one, with the same tasks
 */
record RunGroup(String name, List<RunReport> runs) {
    /**
     * Quantiles of Student's t that leave 2.5 % on either side, for 1, 2, ... degrees of freedom; the last one is used
     * for more.
     */
    private static final double[] STUDENT = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228};

    RunGroup {
        runs = List.copyOf(runs);
    }

    static RunGroup of(RunReport run) {
        return new RunGroup(run.title(), List.of(run));
    }

    RunReport first() {
        return runs.get(0);
    }

    List<String> tasks() {
        return first().tables().accuracy().tasks();
    }

    double mean(ToDoubleFunction<RunReport> value) {
        return Metric.mean(runs.stream().map(value::applyAsDouble).toList());
    }

    /** Sample standard deviation over the runs; NaN for fewer than two values. */
    double deviation(ToDoubleFunction<RunReport> value) {
        List<Double> values =
                runs.stream().map(value::applyAsDouble).filter(v -> !v.isNaN()).toList();
        double mean = Metric.mean(values);
        double squares =
                values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
        return values.size() < 2 ? Double.NaN : Math.sqrt(squares / (values.size() - 1));
    }

    /**
     * Half the width of the 95 % interval of the mean, in points. It covers the number of test images, which are the
     * same for every seed, and for several seeds also their spread (Student). NaN when the number of images is not
     * known.
     */
    double margin(Headline headline) {
        double images = mean(headline::margin);
        double spread = deviation(headline::of);
        return Double.isNaN(spread) ? images : Math.hypot(images, student() * spread / Math.sqrt(runs.size()));
    }

    private double student() {
        return STUDENT[Math.min(runs.size() - 2, STUDENT.length - 1)];
    }

    /** "24.3", and for several runs "24.3 ± 1.2". */
    String meanAndDeviation(ToDoubleFunction<RunReport> value) {
        double deviation = deviation(value);
        return MarkdownReport.number(mean(value))
                + (Double.isNaN(deviation) ? "" : " ± " + MarkdownReport.number(deviation));
    }

    /** The element-wise means; as long as the shortest list. */
    List<Double> means(Function<RunReport, List<Double>> values) {
        List<List<Double>> ofRuns = runs.stream().map(values).toList();
        int length = ofRuns.stream().mapToInt(List::size).min().orElse(0);
        List<Double> means = new ArrayList<>();
        IntStream.range(0, length)
                .forEach(i -> means.add(
                        Metric.mean(ofRuns.stream().map(list -> list.get(i)).toList())));
        return means;
    }

    /**
     * Accuracy on {@code task} before the first task and after each; NaN when not measured. For a run that trains
     * nothing it is constant.
     */
    List<Double> progress(String task) {
        int column = tasks().indexOf(task);
        return means(run -> {
            AccuracyTable table = run.tables().accuracy();
            List<Double> values = new ArrayList<>();
            values.add(table.zeroShot().map(row -> row.percent().get(column)).orElse(Double.NaN));
            for (int i = 0; i < tasks().size(); i++) {
                values.add(
                        table.rows().isEmpty()
                                ? values.get(0)
                                : table.rows().get(i).percent().get(column));
            }
            return values;
        });
    }

    /** Whether there is a row measured before the first task. */
    boolean hasZeroShot() {
        return runs.stream().allMatch(run -> run.tables().accuracy().zeroShot().isPresent());
    }

    boolean learns() {
        return !first().tables().accuracy().rows().isEmpty();
    }
}
