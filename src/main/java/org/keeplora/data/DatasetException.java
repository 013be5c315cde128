package org.keeplora.data;

import org.keeplora.store.OneLine;

/**
 * Data on disk that cannot be used as it is: missing, empty, damaged or of an unknown kind.
 *
 * <p>The message is one complete line: where, what is wrong, what to do next.
 */
public final class DatasetException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    DatasetException(String message) {
        super(OneLine.of(message));
    }

    DatasetException(String message, Throwable cause) {
        super(OneLine.of(message), cause);
    }

    /** The reason an exception gives, on one line; its kind when it gives none. */
    static String reason(Throwable cause) {
        String text = cause.getMessage();
        String kind = cause.getClass().getSimpleName();
        return text == null || text.isBlank()
                ? kind
                : kind + ": " + text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
