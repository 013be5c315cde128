package org.keeplora.store;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Checks whether this process can express file names beyond ASCII. Java takes the encoding of file names from the
 * locale when it starts, and no property changes it.
 */
public final class NameEncoding {
    /** The character that Java uses for what it cannot decode. */
    private static final char UNREADABLE = '\ufffd';

    private NameEncoding() {}

    /** Why this process cannot use {@code name} as a file name, and what to do, in one line; empty when it can. */
    public static Optional<String> problem(String name) {
        boolean expressed = name.indexOf(UNREADABLE) < 0;
        try {
            Path.of(name);
        } catch (InvalidPathException e) {
            // any other reason is a fault of the name itself
            expressed &= !e.getReason().contains("unmappable");
        }
        return expressed
                ? Optional.empty()
                : Optional.of(OneLine.of("'" + name
                        + "' cannot be the name of a file here, because this Java encodes names as "
                        + System.getProperty("sun.jnu.encoding") + "; set LC_ALL=C.UTF-8, or another locale in UTF-8"));
    }

    /** @throws UserError with the {@link #problem} of {@code name} */
    public static void require(String name) {
        problem(name).ifPresent(problem -> {
            throw new UserError(problem);
        });
    }
}
