package org.keeplora.store;

import java.nio.file.Path;

/** A file is not what its format says; the message names the file, what is wrong and where. */
public final class BadFile extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** A problem of {@code file}, in words that say what to do where that is known. */
    public BadFile(Path file, String problem) {
        super(file + ": " + problem);
    }
}
