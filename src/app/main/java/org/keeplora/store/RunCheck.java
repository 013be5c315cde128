package org.keeplora.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Checks the folder of a {@link RunJournal} against its checksums, without opening the run. */
public final class RunCheck {
    private RunCheck() {}

    /**
     * Checks the results of a finished run; files added later are ignored.
     *
     * @return {@code start.json}; empty for a run of an earlier version, which has none
     * @throws BadFile naming the first result that is missing or changed
     * @throws UncheckedIOException when it cannot be read
     */
    public static Optional<String> requireResults(Path folder) {
        RunLayout layout = new RunLayout(folder);
        try {
            Checksums.requireListed(folder);
            return Files.isRegularFile(layout.start())
                    ? Optional.of(Files.readString(layout.start()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be checked: " + e, e);
        }
    }

    /**
     * Checks every file of a finished run, or the kept states of an unfinished one.
     *
     * @return what was checked, in one line
     * @throws BadFile naming the first fault
     * @throws UncheckedIOException when it cannot be read
     */
    public static String verify(Path folder) {
        try {
            return new RunLayout(folder).verify();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be checked: " + e, e);
        }
    }
}
