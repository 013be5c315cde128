package org.keeplora.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reference values and sample data in a folder beside the checkout.
 *
 * <p>A test that needs absent data is skipped with the reason; {@code -Dkeeplora.requireShared=true} turns that skip
 * into a failure.
 */
public final class Shared {
    private static final Path ROOT = Path.of(System.getProperty("keeplora.shared", "../shared"));

    private Shared() {}

    /** The file or folder {@code name} below the shared folder. */
    public static Path file(String name) {
        Path file = ROOT.resolve(name).normalize();
        String reason = "reference data not found: " + file + " (set -Dkeeplora.shared=DIR)";
        if (Boolean.getBoolean("keeplora.requireShared")) {
            assertTrue(Files.exists(file), reason);
        }
        assumeTrue(Files.exists(file), reason);
        return file;
    }
}
