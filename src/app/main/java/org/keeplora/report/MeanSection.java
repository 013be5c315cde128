package org.keeplora.report;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The section of a page about Transfer, Average and Last: all runs, beside zero-shot and published figures. */
final class MeanSection {
    private static final int COMMON_STYLE = 6;
    private static final int PUBLISHED_STYLE = 3;
    private static final double SAME = 0.05;

    private static final List<Mean> MEANS = List.of(
            new Mean(Headline.TRANSFER, Published::transfer),
            new Mean(Headline.AVERAGE, Published::average),
            new Mean(Headline.LAST, Published::last));

    private final Charts charts;
    private final List<RunGroup> groups;
    private final List<Published> published;

    private record Mean(Headline headline, Function<Published, Double> published) {}

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
                        + "the pre-trained ability. Average: over all times. Last: after the last task. Zero-shot is the model before training, chance what "
                        + "guessing would give."
                        + (seeds ? " After ± stands the standard deviation over seeds." : "")
                        + (published.isEmpty() ? "" : " Bars without a frame are figures that others published.");
        List<Figure> figures = MEANS.stream()
                .map(mean -> new Figure(mean.headline().title(), chart(mean)))
                .toList();
        return new Section("means", "Transfer, Average, Last", reading, Section.COLUMNS, figures);
    }

    private String chart(Mean mean) {
        List<Bar> bars = new ArrayList<>();
        Headline headline = mean.headline();
        for (int i = 0; i < groups.size(); i++) {
            RunGroup group = groups.get(i);
            bars.add(new Bar(group.name(), group.mean(headline::of), group.meanAndDeviation(headline::of), i, true));
        }
        if (groups.stream().allMatch(RunGroup::learns)) { // a run without training is zero-shot itself
            addCommon(bars, AccuracyTable.ZERO_SHOT, run -> headline.before(run).mean());
        }
        addCommon(bars, "chance", headline::chance);
        for (Published row : published) {
            Double value = mean.published().apply(row);
            if (value != null) {
                String label = row.method() + " (published)";
                bars.add(new Bar(label, value, MarkdownReport.number(value), PUBLISHED_STYLE, false));
            }
        }
        double most = bars.stream().mapToDouble(Bar::value).max().orElse(1);
        return charts.svg(Bar.chart(headline.title() + " of " + bars.size() + " runs and models", bars, most));
    }

    /** Adds a bar if the value is known and the same for all runs. */
    private void addCommon(List<Bar> bars, String label, ToDoubleFunction<RunReport> value) {
        DoubleSummaryStatistics values =
                groups.stream().mapToDouble(group -> group.mean(value)).summaryStatistics();
        if (values.getMax() - values.getMin() < SAME) {
            double mean = values.getAverage();
            bars.add(new Bar(label, mean, MarkdownReport.number(mean), COMMON_STYLE, true));
        }
    }
}
