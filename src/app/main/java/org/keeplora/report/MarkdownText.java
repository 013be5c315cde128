package org.keeplora.report;

import java.util.List;

/**
 * Running text for people who read the Markdown source on a terminal: lines of at most {@value #LINE_WIDTH} characters.
 */
final class MarkdownText {
    private static final int LINE_WIDTH = 100;
    private static final String NO_BREAK = "\u00a0";

    private MarkdownText() {}

    /** A list with one item per sentence. */
    static String list(List<String> sentences) {
        StringBuilder text = new StringBuilder();
        sentences.forEach(sentence -> text.append(
                wrapped("-", List.of(sentence.split(" ")), "", "\n  ").replace(NO_BREAK, " ")));
        return text.toString();
    }

    /** One paragraph of comma-separated pairs; lines break only between pairs. */
    static String pairs(String start, List<String> pairs) {
        return wrapped(start, pairs, ",", "\n");
    }

    private static String wrapped(String start, List<String> parts, String glue, String newLine) {
        StringBuilder text = new StringBuilder(start);
        int used = start.length();
        for (int i = 0; i < parts.size(); i++) {
            String between = i == 0 ? "" : glue;
            int length = parts.get(i).length();
            boolean fits = used + between.length() + 1 + length < LINE_WIDTH;
            text.append(between).append(fits ? " " : newLine).append(parts.get(i));
            used = fits ? used + between.length() + 1 + length : newLine.length() - 1 + length;
        }
        return text.append('\n').toString();
    }
}
