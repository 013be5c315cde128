package org.keeplora.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.function.Executable;

/** Checks that a reader refuses a bad file with a known message of one line. */
public final class Refused {
    private Refused() {}

    /**
     * Runs {@code read} and compares what it throws.
     *
     * @param folder replaces {@code #} before a slash or colon in {@code message}
     */
    public static void with(Class<? extends RuntimeException> kind, Path folder, String message, Executable read) {
        RuntimeException refusal = assertThrows(kind, read);
        assertEquals(message.replaceAll("#(?=[/:])", folder.toString()), refusal.getMessage());
        assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
    }
}
