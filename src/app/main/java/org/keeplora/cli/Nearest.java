package org.keeplora.cli;

import java.util.Collection;
import java.util.Comparator;

/** Suggests a word for a misspelt one. */
final class Nearest {
    /** Longest part of a word that is compared; keys have at most 30 letters. */
    private static final int LONGEST = 100;

    private Nearest() {}

    /** The word of {@code known} with the smallest edit distance; empty if there is none. */
    static String of(String word, Collection<String> known) {
        String begin = word.substring(0, Math.min(word.length(), LONGEST));
        return known.stream()
                .min(Comparator.comparingInt(candidate -> editDistance(candidate, begin)))
                .orElse("");
    }

    /** Levenshtein distance. */
    private static int editDistance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int substituted = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
