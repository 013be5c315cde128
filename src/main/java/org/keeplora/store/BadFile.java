package org.keeplora.store;

import java.nio.file.Path;

/** A file is not what its format says; the message names the file, what is wrong and where. */
public final class BadFile extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    BadFile(Path file, String problem) {
        super(file + ": " + problem);
    }
}
