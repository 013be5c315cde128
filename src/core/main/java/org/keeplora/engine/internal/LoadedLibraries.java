package org.keeplora.engine.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The shared libraries that this process has mapped. Works on Linux only; empty elsewhere. */
public final class LoadedLibraries {
    private static final Path MAPS = Path.of("/proc/self/maps");

    private LoadedLibraries() {}

    /** Sorted paths of the libraries whose file name begins with one of {@code names}. */
    public static List<String> of(List<String> names) {
        if (!Files.isReadable(MAPS)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(MAPS)) {
            return lines.filter(line -> line.indexOf('/') >= 0)
                    .map(line -> line.substring(line.indexOf('/')))
                    .distinct()
                    .filter(path ->
                            names.stream().anyMatch(Path.of(path).getFileName().toString()::startsWith))
                    .sorted() // a place in memory is chance
                    .toList();
        } catch (IOException e) {
            return List.of("(" + MAPS + " cannot be read: " + e.getMessage() + ")");
        }
    }
}
