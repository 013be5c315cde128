package org.keeplora.data;

import java.io.EOFException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.keeplora.store.UserError;

/**
 * Unusable data on disk: missing, empty, damaged or of an unknown kind.
 *
 * <p>The message is one complete line: place, what is wrong, what to do next.
 */
public final class DatasetException extends UserError {
    private static final long serialVersionUID = 1L;

    DatasetException(String message) {
        super(message);
    }

    DatasetException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The first few of {@code faults}, and whether there are more. */
    static String first(int few, List<String> faults) {
        String text = String.join(", ", faults.subList(0, Math.min(few, faults.size())));
        return faults.size() > few ? text + " and others" : text;
    }

    /** The reason that an exception gives, in a user's words and on one line. */
    static String reason(Throwable cause) {
        if (cause instanceof UncheckedIOException wrapped) {
            return reason(wrapped.getCause());
        }
        if (cause instanceof NoSuchFileException) {
            return "not found";
        }
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (cause instanceof CharacterCodingException) {
            return "not UTF-8";
        }
        if (cause instanceof EOFException) {
            return "cut short";
        }
        String text = cause instanceof FileSystemException file ? file.getReason() : cause.getMessage();
        return cause instanceof RuntimeException || text == null || text.isBlank()
                ? "damaged"
                : text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
