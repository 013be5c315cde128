package org.keeplora.report;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The figures that a run is judged by, in display order; each is a mean over test sets, in percent or points. */
enum Headline {
    LAST("Last", "all tasks, after the last one"),
    FORGETTING("Forgetting", "points lost; low is good"),
    GENERAL("General", "sets outside of all tasks"),
    TRANSFER("Transfer", "tasks not yet learned"),
    AVERAGE("Average", "all tasks, over all times");

    private final String title;
    private final String note;

    Headline(String title, String note) {
        this.title = title;
        this.note = note;
    }

    /** The display name. */
    String title() {
        return title;
    }

    /** A few words on what the figure is the mean of. */
    String note() {
        return note;
    }

    /** The figure of {@code run}; NaN when it has none. */
    double of(RunReport run) {
        return this == FORGETTING
                ? run.metrics().forgetting().mean()
                : accuracies(run).mean();
    }

    /** Half the width of its 95 % interval, from the number of test images, in points; NaN when that is not known. */
    double margin(RunReport run) {
        if (this == FORGETTING) {
            return differenceMargin(
                    bestEarlier(run).margin(), lastOfEarlier(run).margin());
        }
        return accuracies(run).margin();
    }

    /**
     * Percent that guessing would give; NaN for a figure that is not an accuracy, or when the number of classes is not
     * known.
     */
    double chance(RunReport run) {
        return this == FORGETTING ? Double.NaN : accuracies(run).chance();
    }

    /** The accuracies that the figure is the mean of; for {@link #FORGETTING} the accuracies at the end. */
    Accuracies accuracies(RunReport run) {
        ContinualMetrics metrics = run.metrics();
        return switch (this) {
            case LAST -> onTasks(run, metrics.last().perTask());
            case TRANSFER -> onTasks(run, metrics.transfer().perTask());
            case AVERAGE -> onTasks(run, metrics.average().perTask());
            case FORGETTING -> lastOfEarlier(run);
            case GENERAL -> onProbes(run, run.tables().probes().rows().size() - 1);
        };
    }

    /** Accuracies on the same sets before any training; empty when they were not measured. */
    Accuracies before(RunReport run) {
        if (this == GENERAL) {
            List<AccuracyTable.Row> rows = run.tables().probes().rows();
            boolean tested = !rows.isEmpty() && rows.get(0).after().equals(AccuracyTable.ZERO_SHOT);
            return onProbes(run, tested ? 0 : -1);
        }
        Map<String, Double> now = accuracies(run).percent();
        List<String> tasks = run.tables().accuracy().tasks();
        List<Double> start = run.tables()
                .accuracy()
                .zeroShot()
                .map(AccuracyTable.Row::percent)
                .orElse(List.of());
        return onTasks(
                run,
                IntStream.range(0, start.size())
                        .mapToObj(i -> now.containsKey(tasks.get(i)) ? start.get(i) : Double.NaN)
                        .toList());
    }

    /**
     * The margin of the difference of two means whose correlation is not known. Accuracies on the same images vary
     * together, so their difference is more certain than this.
     */
    static double differenceMargin(double left, double right) {
        return Math.hypot(left, right);
    }

    private static Accuracies bestEarlier(RunReport run) {
        List<Double> last = run.metrics().last().perTask();
        List<Double> lost = run.metrics().forgetting().perTask();
        return onTasks(
                run,
                IntStream.range(0, last.size())
                        .mapToObj(i -> last.get(i) + lost.get(i))
                        .toList());
    }

    private static Accuracies lastOfEarlier(RunReport run) {
        List<Double> last = run.metrics().last().perTask();
        return onTasks(run, last.subList(0, last.size() - 1));
    }

    private static Accuracies onTasks(RunReport run, List<Double> percent) {
        return Accuracies.of(
                run.tables().accuracy().tasks(), percent, run.facts().tests());
    }

    /** @param row index of the row; -1 for none */
    private static Accuracies onProbes(RunReport run, int row) {
        ProbeTable probes = run.tables().probes();
        List<Double> percent = row < 0 ? List.of() : probes.rows().get(row).percent();
        return Accuracies.of(probes.probes(), percent, run.facts().tests());
    }
}
