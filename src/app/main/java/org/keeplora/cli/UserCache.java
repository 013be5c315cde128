package org.keeplora.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The user's folder for files that programs can create again, by the XDG base directory specification. */
final class UserCache {
    static final String VARIABLE = "XDG_CACHE_HOME";

    private UserCache() {}

    /** The folder of this program, which may not exist or be writable; empty if the user has no home folder. */
    static Optional<Path> folder() {
        return folder(System.getenv(), System.getProperty("user.home"));
    }

    /**
     * The folder for an environment. By the specification relative paths are ignored.
     *
     * @param home as Java knows it: null or "?" for a user without one
     */
    static Optional<Path> folder(Map<String, String> environment, String home) {
        return absolute(environment.get(VARIABLE))
                .or(() -> absolute(home).map(folder -> folder.resolve(".cache")))
                .map(caches -> caches.resolve("keeplora"));
    }

    private static Optional<Path> absolute(String folder) {
        return Optional.ofNullable(folder).map(Path::of).filter(Path::isAbsolute);
    }
}
