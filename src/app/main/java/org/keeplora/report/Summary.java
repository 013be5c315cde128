package org.keeplora.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results of a run, in plain sentences that claim no more than its figures show. */
final class Summary {
    private Summary() {}

    static List<String> of(RunReport run) {
        List<String> sentences = new ArrayList<>();
        int tasks = run.tables().accuracy().tasks().size();
        if (run.tables().accuracy().rows().isEmpty()) {
            sentences.add(
                    "Nothing was trained: the pre-trained model classifies " + Wording.percent(Headline.LAST.of(run))
                            + " of the test images correctly, on average over " + tasks(tasks) + ".");
        } else {
            addTrained(sentences, run);
        }
        if (!Double.isNaN(Headline.LAST.margin(run))) {
            sentences.add(uncertainty(run));
        }
        return sentences;
    }

    private static void addTrained(List<String> sentences, RunReport run) {
        sentences.add("After learning " + tasks(run.tables().accuracy().tasks().size()) + " the model classifies "
                + Wording.percent(Headline.LAST.of(run)) + " of the test images correctly, on average over the tasks"
                + before(Headline.LAST, run) + ".");
        if (!Double.isNaN(Headline.TRANSFER.of(run))) {
            sentences.add("On tasks that it had not learned yet (Transfer) it classified "
                    + Wording.percent(Headline.TRANSFER.of(run)) + " correctly" + before(Headline.TRANSFER, run) + ".");
        }
        if (!Double.isNaN(Headline.FORGETTING.of(run))) {
            sentences.add(forgetting(Headline.FORGETTING.of(run), Headline.FORGETTING.margin(run)));
        }
        if (!Double.isNaN(Headline.GENERAL.of(run))) {
            sentences.add("On sets outside of all tasks (General) it classifies "
                    + Wording.percent(Headline.GENERAL.of(run)) + " correctly" + before(Headline.GENERAL, run) + ".");
        }
    }

    private static String tasks(int count) {
        return count == 1 ? "one task" : count + " tasks";
    }

    /** "; before any training it was 59.1 % (10.2 points less, beyond the uncertainty of ± 7.3 points)", or nothing. */
    private static String before(Headline headline, RunReport run) {
        double before = headline.before(run).mean();
        double change = headline.of(run) - before;
        if (Double.isNaN(change)) {
            return "";
        }
        double margin = Headline.differenceMargin(
                headline.margin(run), headline.before(run).margin());
        return "; before any training it was " + Wording.percent(before) + " (" + change(change, margin) + ")";
    }

    private static String change(double change, double margin) {
        if (Math.abs(change) < Wording.SMALLEST_DIFFERENCE) {
            return "no change";
        }
        String points = Wording.points(Math.abs(change)) + " " + (change > 0 ? "more" : "less");
        return Double.isNaN(margin) ? points : points + ", " + Wording.certainty(change, margin);
    }

    private static String forgetting(double lost, double margin) {
        if (Math.abs(lost) < Wording.SMALLEST_DIFFERENCE) {
            return "Earlier tasks are at the end as good as in their best test, on average (forgetting).";
        }
        String change = lost > 0
                ? "Earlier tasks lost %s since their best test, on average (forgetting)"
                : "Earlier tasks are at the end %s better than in any test before, on average (forgetting)";
        return String.format(Locale.ROOT, change, Wording.points(Math.abs(lost)))
                + (Double.isNaN(margin) ? "." : ": " + Wording.certainty(lost, margin) + ".");
    }

    /** The uncertainty from the number of test images, and the accuracy of guessing. */
    static String uncertainty(RunReport run) {
        String text = String.format(
                Locale.ROOT,
                "The uncertainty (95\u00a0%%) of a mean is %s over %d test images of the tasks",
                Wording.margin(Headline.LAST.margin(run)),
                Headline.LAST.accuracies(run).images());
        String chance = "guessing would give " + Wording.percent(Headline.LAST.chance(run));
        if (!Double.isNaN(Headline.GENERAL.margin(run))) {
            text += " and " + Wording.margin(Headline.GENERAL.margin(run)) + " over the "
                    + Headline.GENERAL.accuracies(run).images() + " of General";
            chance += " and " + Wording.percent(Headline.GENERAL.chance(run));
        }
        return text + ", that of a difference larger; " + chance + ". What another seed would change is not in it.";
    }
}
