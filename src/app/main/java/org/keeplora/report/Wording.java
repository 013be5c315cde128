package org.keeplora.report;

import java.util.List;

/** The wording of figures: parts of the images in percent, differences in points, both with one decimal. */
final class Wording {
    /** A difference of fewer points counts as none: it would be written as 0.0. */
    static final double SMALLEST_DIFFERENCE = 0.05;

    private Wording() {}

    /** Number and unit, without a line break between them. */
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

    /** Whether a difference exceeds the uncertainty; false when that is not known. */
    static boolean isClear(double difference, double margin) {
        return Math.abs(difference) > margin;
    }

    /** "a, b and c". */
    static String joined(List<String> names) {
        int last = names.size() - 1;
        return last < 1
                ? String.join("", names)
                : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }
}
