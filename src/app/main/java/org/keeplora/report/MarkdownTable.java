package org.keeplora.report;

import java.util.ArrayList;
import java.util.List;

/** A Markdown table with padded cells: the first column left-aligned, the others right-aligned. */
final class MarkdownTable {
    private static final int NARROWEST = 3; // the width of "--:"

    private final List<List<String>> lines = new ArrayList<>();

    MarkdownTable(List<String> header) {
        add(header);
    }

    void add(List<String> cells) {
        lines.add(cells.stream().map(cell -> cell.replace("|", "\\|")).toList());
    }

    /** The width that each column needs. */
    int[] widths() {
        int[] widths = new int[lines.get(0).size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = NARROWEST;
            for (List<String> line : lines) {
                widths[column] = Math.max(widths[column], length(line.get(column)));
            }
        }
        return widths;
    }

    /** @param widths at least {@link #widths()}; tables rendered with the same widths align */
    String text(int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            for (int column = 0; column < widths.length; column++) {
                String cell = lines.get(i).get(column);
                String padding = " ".repeat(widths[column] - length(cell));
                text.append(column == 0 ? "| " + cell + padding : " | " + padding + cell);
            }
            text.append(" |\n");
            if (i == 0) {
                appendRule(text, widths);
            }
        }
        return text.toString();
    }

    private static void appendRule(StringBuilder text, int[] widths) {
        for (int column = 0; column < widths.length; column++) {
            text.append('|').append("-".repeat(widths[column] + 1)).append(column == 0 ? '-' : ':');
        }
        text.append("|\n");
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
