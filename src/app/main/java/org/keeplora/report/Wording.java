package org.keeplora.report;

import java.util.List;

/** How figures are said: shares of images in percent, their differences in points, both with one decimal. */
final class Wording {
    /** A difference of less than this many points is none: it would be written as 0.0. */
    static final double NOTHING = 0.05;

    private Wording() {}

    /** No line is broken between number and unit. */
    static String percent(double value) {
        return MarkdownReport.number(value) + "\u00a0%";
    }

    static String points(double value) {
        return MarkdownReport.number(value) + "\u00a0points";
    }

    /** "± 2.9 points". */
    static String margin(double points) {
        return "±\u00a0" + points(points);
    }

    /**
     * "beyond the uncertainty of ± 2.9 points" or "within ..."; {@code difference} of either sign, {@code margin}
     * known.
     */
    static String certainty(double difference, double margin) {
        return (isClear(difference, margin) ? "beyond" : "within") + " the uncertainty of " + margin(margin);
    }

    /** Whether a difference is more than so many images let expect; not where that is not known. */
    static boolean isClear(double difference, double margin) {
        return Math.abs(difference) > margin;
    }

    /** "a, b and c". */
    static String and(List<String> names) {
        int last = names.size() - 1;
        return last < 1
                ? String.join("", names)
                : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }
}
