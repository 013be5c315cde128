package org.keeplora.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The folder of one run. It is filled under a hidden name beside its place and gets its own name by {@link #commit}; closing it
 * uncommitted removes it, so that nothing half-written is left behind.
 */
public final class RunDirectory implements AutoCloseable {
    private final Path place;
    private final Path partial;

    private RunDirectory(Path place, Path partial) {
        this.place = place;
        this.partial = partial;
    }

    /**
     * Starts a run folder that will be {@code place}.
     *
     * @throws IllegalArgumentException when {@code place} exists: results are never overwritten
     */
    public static RunDirectory create(Path place) {
        Path target = place.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            throw new IllegalArgumentException(place + " exists already; choose another output folder or remove it");
        }
        try {
            Files.createDirectories(target.getParent());
            Path partial = Files.createTempDirectory(target.getParent(), "." + target.getFileName() + "-");
            return new RunDirectory(target, partial);
        } catch (IOException e) {
            throw new UncheckedIOException(place + " cannot be created; check the folder's permissions", e);
        }
    }

    /** Writes one file of the run. */
    public void write(String name, String text) {
        AtomicFile.write(partial.resolve(name), channel -> channel.write(StandardCharsets.UTF_8.encode(text)));
    }

    /** Gives the folder its name. */
    public void commit() {
        try {
            Files.move(partial, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(place + " cannot be put in place", e);
        }
    }

    @Override
    public void close() {
        if (Files.exists(partial)) {
            try (Stream<Path> files = Files.walk(partial)) {
                files.sorted(Comparator.reverseOrder()).forEach(RunDirectory::delete);
            } catch (IOException e) {
                throw new UncheckedIOException(partial + " cannot be removed", e);
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be removed", e);
        }
    }
}
