package org.keeplora.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a run came to, in plain sentences. */
final class Verdict {
    /** Less than this many points is said to be nothing. */
    private static final double NOTHING = 0.05;

    private Verdict() {}

    static List<String> of(RunReport run) {
        AccuracyTable table = run.tables().accuracy();
        double before = MeanSection.zeroShot(run, 0);
        if (table.rows().isEmpty()) {
            return List.of(
                    "Nothing was trained: the pre-trained model names %s of the test images rightly, on average over %d tasks."
                            .formatted(percent(before), table.tasks().size()));
        }
        List<String> sentences = new ArrayList<>();
        ContinualMetrics metrics = run.metrics();
        double last = metrics.last().mean();
        sentences.add("After learning %s the model names %s of the test images rightly%s."
                .formatted(
                        tasks(table.tasks().size()),
                        percent(last),
                        Double.isNaN(before)
                                ? ""
                                : "; before any training it was %s (%s)"
                                        .formatted(percent(before), change(last - before))));
        double transfer = metrics.transfer().mean();
        double start = MeanSection.zeroShot(run, 1);
        if (!Double.isNaN(transfer) && !Double.isNaN(start)) {
            sentences.add(
                    "On tasks that it had not learned yet it %s: %s on average, against %s before any training (Transfer)."
                            .formatted(kept(transfer - start), percent(transfer), percent(start)));
        }
        double forgetting = metrics.forgetting().mean();
        if (!Double.isNaN(forgetting)) {
            sentences.add(
                    forgetting < NOTHING
                            ? "It forgot nothing: no earlier task, on average, was ever better than at the end."
                            : "An earlier task lost %s since its best moment, on average (forgetting)."
                                    .formatted(points(forgetting)));
        }
        return sentences;
    }

    private static String tasks(int count) {
        return count == 1 ? "one task" : "%d tasks".formatted(count);
    }

    private static String kept(double difference) {
        if (Math.abs(difference) < NOTHING) {
            return "kept what pre-training gave it";
        }
        return difference < 0
                ? "lost %s of what pre-training gave it".formatted(points(-difference))
                : "gained %s".formatted(points(difference));
    }

    private static String change(double difference) {
        return Math.abs(difference) < NOTHING
                ? "no change"
                : "%s %s".formatted(points(Math.abs(difference)), difference > 0 ? "more" : "less");
    }

    /** No line is broken between number and unit. */
    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.1f\u00a0%%", value);
    }

    private static String points(double value) {
        return String.format(Locale.ROOT, "%.1f\u00a0points", value);
    }
}
