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
            return List.of("Nothing was trained: the pre-trained model names " + percent(before)
                    + " of the test images rightly, on average over "
                    + table.tasks().size() + " tasks.");
        }
        List<String> sentences = new ArrayList<>();
        ContinualMetrics metrics = run.metrics();
        double last = metrics.last().mean();
        sentences.add("After learning " + tasks(table.tasks().size()) + " the model names " + percent(last)
                + " of the test images rightly"
                + (Double.isNaN(before)
                        ? ""
                        : "; before any training it was " + percent(before) + " (" + change(last - before) + ")")
                + ".");
        double transfer = metrics.transfer().mean();
        double start = MeanSection.zeroShot(run, 1);
        if (!Double.isNaN(transfer) && !Double.isNaN(start)) {
            sentences.add("On tasks that it had not learned yet it " + kept(transfer - start) + ": " + percent(transfer)
                    + " on average, against " + percent(start) + " before any training (Transfer).");
        }
        double forgetting = metrics.forgetting().mean();
        if (!Double.isNaN(forgetting)) {
            sentences.add(
                    forgetting < NOTHING
                            ? "It forgot nothing: no earlier task, on average, was ever better than at the end."
                            : "An earlier task lost " + points(forgetting)
                                    + " since its best moment, on average (forgetting).");
        }
        return sentences;
    }

    private static String tasks(int count) {
        return count == 1 ? "one task" : count + " tasks";
    }

    private static String kept(double difference) {
        if (Math.abs(difference) < NOTHING) {
            return "kept what pre-training gave it";
        }
        return difference < 0
                ? "lost " + points(-difference) + " of what pre-training gave it"
                : "gained " + points(difference);
    }

    private static String change(double difference) {
        return Math.abs(difference) < NOTHING
                ? "no change"
                : points(Math.abs(difference)) + " " + (difference > 0 ? "more" : "less");
    }

    /** No line is broken between number and unit. */
    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.1f\u00a0%%", value);
    }

    private static String points(double value) {
        return String.format(Locale.ROOT, "%.1f\u00a0points", value);
    }
}
