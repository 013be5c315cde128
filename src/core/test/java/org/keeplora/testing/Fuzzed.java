package org.keeplora.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.function.Executable;

/** The files of the fuzz targets, and the check of what a reader throws. */
public final class Fuzzed {
    private static final Path FOLDER = folder();

    private Fuzzed() {}

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("keeplora-fuzz");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file {@code name} with {@code content}; the next call for that name replaces it. */
    public static Path file(String name, byte[] content) {
        try {
            Path file = FOLDER.resolve(name);
            if (!Files.exists(file)) {
                file.toFile().deleteOnExit();
            }
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs {@code read}. It may refuse its input with one of {@code kinds} and a message of one line; anything else is
     * a finding.
     *
     * @throws Throwable the unexpected one
     */
    public static void readOrRefused(Executable read, Class<?>... kinds) throws Throwable {
        try {
            read.execute();
        } catch (RuntimeException e) {
            if (!Arrays.asList(kinds).contains(e.getClass())) {
                throw e;
            }
            requireLine(e.getMessage());
        }
    }

    /** Requires that {@code message} is one line. */
    public static void requireLine(String message) {
        assertEquals(1, message.lines().count(), message);
    }
}
