package org.keeplora.learner;

import java.nio.file.Path;

/** A file that is not what a learner saved; the message names the file and what is wrong. */
public final class DamagedFile extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    DamagedFile(Path file, String problem) {
        super(file + ": " + problem + "; it is damaged, or no learner saved it: use an earlier copy");
    }
}
