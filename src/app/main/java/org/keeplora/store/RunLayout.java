package org.keeplora.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The file names in the folder of a {@link RunJournal}, and the messages for a folder that cannot be used.
 *
 * @param run the folder
 */
record RunLayout(Path run) {
    private static final String CONFIG = "run.yaml";
    private static final String START = "start.json";
    private static final String LOCK = "lock";

    /** The run in {@code folder}, as an absolute path. */
    static RunLayout of(Path folder) {
        return new RunLayout(folder.toAbsolutePath().normalize());
    }

    /** Advice for a run that can be resumed. */
    String resume() {
        return "keeplora resume " + run;
    }

    Path config() {
        return run.resolve(CONFIG);
    }

    Path start() {
        return run.resolve(START);
    }

    Path states() {
        return run.resolve(Checksums.STATE_FOLDER);
    }

    Path lock() {
        return states().resolve(LOCK);
    }

    /** Results may have any name except those above and {@code SHA256SUMS}. */
    ResultFolder results() {
        return new ResultFolder(run, Set.of(CONFIG, START, Checksums.STATE_FOLDER, Checksums.FILE_NAME));
    }

    /** @throws BadFile when there is no run */
    void requireRun() {
        if (!Files.isDirectory(run)) {
            throw new BadFile(run, "no such folder");
        }
        if (!Files.isRegularFile(config())) {
            throw new BadFile(run, "not a run of keeplora: it has no " + CONFIG);
        }
        if (!Files.isRegularFile(start())) {
            throw new BadFile(
                    run,
                    "has no " + START + ", the record of its start: it is of an earlier version, or was damaged;"
                            + " start it again");
        }
    }

    boolean isFinished() {
        return Files.exists(run.resolve(Checksums.FILE_NAME));
    }

    BadFile finished() {
        return new BadFile(run, "already finished, so there is nothing to resume; start a new run in another folder");
    }

    /** As {@link RunCheck#verify}. */
    String verify() throws IOException {
        if (Files.isDirectory(run) && isFinished()) {
            return run + ": finished; all " + Checksums.verify(run) + " files are as written";
        }
        requireRun();
        return run + ": unfinished; " + new StateFolder(states()).verify();
    }

    /** @param next what to do after the cause is removed */
    UncheckedIOException failed(String what, IOException cause, String next) {
        String message = String.valueOf(cause.getMessage());
        boolean full =
                Stream.of("No space left", "quota exceeded", "not enough space").anyMatch(message::contains);
        return new UncheckedIOException(
                String.format(
                        Locale.ROOT,
                        "%s: %s: %s; %s, then %s",
                        run,
                        what,
                        cause,
                        full ? "disk full: free space" : "remove the cause",
                        next),
                cause);
    }
}
