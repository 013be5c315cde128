package org.keeplora.store;

import java.util.Locale;

/** Makes text from a file safe for a message: a hostile name must neither break the line nor fill the screen. */
public final class OneLine {
    /** Longest message in characters. A longer one loses its middle, because its end says what to do. */
    private static final int LONGEST = 1000;

    private static final int BEGIN = 600;
    private static final int END = 300;

    private OneLine() {}

    /**
     * {@code message} with control characters, line separators and unpaired surrogates written as {@code \}{@code
     * u000a}, shortened to 1,000 characters.
     */
    public static String of(String message) {
        String whole = message.length() <= LONGEST
                ? message
                : message.substring(0, BEGIN) + " [...] " + message.substring(message.length() - END);
        StringBuilder line = new StringBuilder(whole.length());
        whole.codePoints().forEach(c -> {
            boolean half = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            if (Character.isISOControl(c) || half || c == '\u2028' || c == '\u2029') {
                line.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                line.appendCodePoint(c);
            }
        });
        return line.toString();
    }
}
