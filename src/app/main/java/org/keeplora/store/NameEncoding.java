package org.keeplora.store;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Names of files beyond ASCII in a process that cannot express them: Java takes the encoding of names from the locale
 * at its start, and no property changes it.
 */
public final class NameEncoding {
    /** What Java puts where it could not read a name. */
    private static final char UNREADABLE = '\ufffd';

    private NameEncoding() {}

    /**
     * Why {@code name} cannot be used as the name of a file in this process, and what to do, in one line; empty where
     * it can be.
     */
    public static Optional<String> problem(String name) {
        boolean expressed = name.indexOf(UNREADABLE) < 0;
        try {
            Path.of(name);
        } catch (InvalidPathException e) {
            // other reasons are the name's own fault
            expressed &= !e.getReason().contains("unmappable");
        }
        return expressed
                ? Optional.empty()
                : Optional.of(OneLine.of("'" + name
                        + "' cannot be the name of a file here, as this Java takes names for "
                        + System.getProperty("sun.jnu.encoding") + "; set LC_ALL=C.UTF-8, or another locale in UTF-8"));
    }

    /** @throws UserError with the {@link #problem} of {@code name} */
    public static void require(String name) {
        problem(name).ifPresent(problem -> {
            throw new UserError(problem);
        });
    }
}
