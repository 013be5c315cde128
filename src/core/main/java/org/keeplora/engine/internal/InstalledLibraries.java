package org.keeplora.engine.internal;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The shared libraries that the dynamic linker finds by name alone. Works on Linux only.
 *
 * @param folders searched first, in order
 * @param cache text of the linker's cache, which names libraries and their paths, each ended by a zero
 */
public record InstalledLibraries(List<Path> folders, String cache) {
    private static final String SEARCH_PATH = "LD_LIBRARY_PATH";
    private static final Path CACHE = Path.of("/etc/ld.so.cache");
    /** Where CUDA's toolkit lies, as libtorch and JavaCPP say too, and where the linker always looks. */
    private static final List<String> ALWAYS =
            List.of("/usr/local/cuda/lib64", "/usr/local/cuda/lib", "/lib64", "/usr/lib64", "/lib", "/usr/lib");

    /** The search order of this process. */
    public static InstalledLibraries ofThisMachine() {
        Stream<String> given = Stream.of(Optional.ofNullable(System.getenv(SEARCH_PATH))
                        .orElse("")
                        .split(":"))
                .filter(folder -> !folder.isEmpty());
        return new InstalledLibraries(
                Stream.concat(given, ALWAYS.stream()).map(Path::of).toList(), cacheOfThisMachine());
    }

    private static String cacheOfThisMachine() {
        try {
            return Files.isReadable(CACHE) ? Files.readString(CACHE, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(CACHE.toString(), e);
        }
    }

    /** The path of the library whose file is called {@code name}; empty where there is none. */
    public Optional<Path> find(String name) {
        Stream<Path> inFolders = folders.stream().map(folder -> folder.resolve(name));
        return Stream.concat(inFolders, cached(Pattern.quote(name)))
                .filter(Files::exists)
                .findFirst();
    }

    /** The paths of all libraries whose file's name begins with {@code prefix}. */
    public List<Path> beginningWith(String prefix) {
        Stream<Path> inFolders = folders.stream()
                .map(folder -> folder.toFile().listFiles((place, name) -> name.startsWith(prefix)))
                .filter(Objects::nonNull) // of a folder that cannot be read
                .flatMap(Arrays::stream)
                .map(File::toPath);
        return Stream.concat(inFolders, cached(Pattern.quote(prefix) + "[^\0/]*"))
                .filter(Files::exists)
                .distinct()
                .sorted()
                .toList();
    }

    private Stream<Path> cached(String name) {
        return Pattern.compile("\0(/[^\0]*/" + name + ")\0")
                .matcher(cache)
                .results()
                .map((MatchResult found) -> Path.of(found.group(1)));
    }
}
