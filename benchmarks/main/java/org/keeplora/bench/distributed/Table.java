package org.keeplora.bench.distributed;

import java.util.List;
import java.util.Locale;

/** A Markdown table, built line by line: the first column left-aligned, the others right-aligned. */
final class Table {
    private static final double LEAST = 5e-5;

    private final StringBuilder text = new StringBuilder();

    Table(String... header) {
        line(header);
        text.append("|---").append("|---:".repeat(header.length - 1)).append("|\n");
    }

    Table line(String... cells) {
        text.append("| ").append(String.join(" | ", List.of(cells))).append(" |\n");
        return this;
    }

    String text() {
        return text.toString();
    }

    /** The value with at least three digits and at most four decimals. */
    static String digits(double value) {
        String format =
                value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : value >= 0.1 ? "%.3f" : "%.4f";
        return Math.abs(value) < LEAST ? "0" : String.format(Locale.ROOT, format, value);
    }

    static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
