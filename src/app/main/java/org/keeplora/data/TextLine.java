package org.keeplora.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.keeplora.store.UserError;
import org.keeplora.store.WholeFile;

/**
 * One line of a file that lists images or classes.
 *
 * @param file the file
 * @param number from 1
 * @param text without surrounding white space, not empty
 */
record TextLine(Path file, int number, String text) {
    /** Limit for a list; the longest known, of SUN397's 108,754 images, has 5 MB. */
    private static final int MOST_BYTES = 64 << 20;

    /** Some editors write it at the start of a file. */
    private static final String BYTE_ORDER_MARK = "\ufeff";

    /**
     * The lines of {@code file} that are not blank, in order.
     *
     * @throws UserError in one line when the file is missing, larger than 64 MiB, not valid UTF-8 or has only blank
     *     lines
     */
    static List<TextLine> of(Path file) {
        List<TextLine> lines = new ArrayList<>();
        try {
            WholeFile.requireAtMost(file, MOST_BYTES);
            List<String> texts = Files.readAllLines(file);
            for (int i = 0; i < texts.size(); i++) {
                String text = texts.get(i).replace(BYTE_ORDER_MARK, "").strip();
                if (!text.isEmpty()) {
                    lines.add(new TextLine(file, i + 1, text));
                }
            }
        } catch (NoSuchFileException e) {
            throw new DatasetException(file + ": list file not found; unpack the data set again", e);
        } catch (IOException e) {
            throw new DatasetException(
                    file + ": cannot be read (" + DatasetException.reason(e)
                            + "); check permissions or unpack the data set again",
                    e);
        }
        if (lines.isEmpty()) {
            throw new DatasetException(file + ": the list is empty; unpack the data set again");
        }
        return lines;
    }

    /** The texts before and after the first {@code separator}. */
    String[] cut(String separator) {
        int at = text.indexOf(separator);
        if (at < 1 || at + separator.length() >= text.length()) {
            throw error(String.format(
                    Locale.ROOT, "needs two parts with \"%s\" between them but is \"%s\"", separator, text));
        }
        return new String[] {
            text.substring(0, at), text.substring(at + separator.length()).strip()
        };
    }

    /**
     * {@code word} as a label.
     *
     * @param first number of the first class in this file
     * @return label, 0 .. classes-1
     */
    int label(String word, int first, int classes) {
        int number;
        try {
            number = Integer.parseInt(word);
        } catch (NumberFormatException e) {
            throw error(String.format(Locale.ROOT, "class \"%s\" is not a number", word));
        }
        if (number < first || number >= first + classes) {
            throw error(String.format(
                    Locale.ROOT,
                    "class %d but the data set has %d classes (%d..%d)",
                    number,
                    classes,
                    first,
                    first + classes - 1));
        }
        return number - first;
    }

    DatasetException error(String what) {
        return new DatasetException(
                file + ": line " + number + ": " + what + "; correct the line or unpack the data set again");
    }
}
