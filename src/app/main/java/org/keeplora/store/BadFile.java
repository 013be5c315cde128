package org.keeplora.store;

import java.nio.file.Path;

/** A file or folder that cannot be used as it is; the message is one line: path, what is wrong, what to do. */
public final class BadFile extends UserError {
    private static final long serialVersionUID = 1L;

    /** @param problem what is wrong and what to do, to follow the path and a colon */
    public BadFile(Path file, String problem) {
        super(file + ": " + problem);
    }

    /** As above, with the exception that was caught as the cause. */
    public BadFile(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
