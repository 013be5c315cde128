package org.keeplora.report;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The part of a page about Transfer, Average and Last: all runs, beside zero-shot and what others published. */
final class MeanSection {
    private static final int ZERO_SHOT_STYLE = 6;
    private static final int PUBLISHED_STYLE = 3;
    private static final double SAME = 0.05;

    private static final List<Mean> MEANS = List.of(
            new Mean("Transfer", run -> run.metrics().transfer().mean(), 1, Published::transfer),
            new Mean("Average", run -> run.metrics().average().mean(), 0, Published::average),
            new Mean("Last", run -> run.metrics().last().mean(), 0, Published::last));

    private final Charts charts;
    private final List<RunGroup> groups;
    private final List<Published> published;

    /**
     * One of the three.
     *
     * @param firstTask number of the first task, from 0, for which it is defined
     */
    private record Mean(
            String name, ToDoubleFunction<RunReport> own, int firstTask, Function<Published, Double> published) {}

    MeanSection(Charts charts, List<RunGroup> groups) {
        this.charts = charts;
        this.groups = groups;
        this.published = groups.stream()
                .flatMap(group -> group.first().published().stream())
                .distinct()
                .toList();
    }

    Section section() {
        boolean seeds = groups.stream().anyMatch(group -> group.runs().size() > 1);
        String reading =
                "Means over the tasks in percent; a long bar is good. Transfer: tasks before they are learned, so what is left of "
                        + "the pre-trained ability. Average: over all times. Last: after the last task. Zero-shot is the model before training."
                        + (seeds ? " After ± stands the standard deviation over seeds." : "")
                        + (published.isEmpty() ? "" : " Bars without a frame are figures that others published.");
        List<Figure> figures =
                MEANS.stream().map(mean -> new Figure(mean.name(), chart(mean))).toList();
        return new Section("means", "Transfer, Average, Last", reading, Section.COLUMNS, figures);
    }

    private String chart(Mean mean) {
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            RunGroup group = groups.get(i);
            bars.add(new Bar(group.name(), group.mean(mean.own()), group.meanAndDeviation(mean.own()), i, true));
        }
        addZeroShot(bars, mean);
        for (Published row : published) {
            Double value = mean.published().apply(row);
            if (value != null) {
                String label = row.method() + " (published)";
                bars.add(new Bar(label, value, MarkdownReport.number(value), PUBLISHED_STYLE, false));
            }
        }
        double most = bars.stream().mapToDouble(Bar::value).max().orElse(1);
        return charts.svg(Bar.chart(mean.name() + " of " + bars.size() + " runs and models", bars, most));
    }

    /** Where all runs start from the same accuracies, and none of them is itself without training. */
    private void addZeroShot(List<Bar> bars, Mean mean) {
        DoubleSummaryStatistics starts = groups.stream()
                .mapToDouble(group -> group.mean(run -> zeroShot(run, mean.firstTask())))
                .summaryStatistics();
        if (starts.getMax() - starts.getMin() < SAME && groups.stream().allMatch(RunGroup::learns)) {
            double value = starts.getAverage();
            bars.add(new Bar(AccuracyTable.ZERO_SHOT, value, MarkdownReport.number(value), ZERO_SHOT_STYLE, true));
        }
    }

    /** Mean of the zero-shot row from task number {@code first} on; NaN without. */
    static double zeroShot(RunReport run, int first) {
        return run.tables()
                .accuracy()
                .zeroShot()
                .map(row ->
                        Measure.mean(row.percent().subList(first, row.percent().size())))
                .orElse(Double.NaN);
    }
}
