package org.keeplora;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The small MTIL data sets, unpacked once into the build folder. */
public final class MiniMtil {
    private static final String NAME = "mtil-mini";
    private static final Path BUILD = Path.of(System.getProperty("basedir", "."), "..", "target")
            .toAbsolutePath()
            .normalize();

    private MiniMtil() {}

    /**
     * The data root: folder that holds {@code caltech101}, {@code eurosat}, {@code MNIST}. Skips the test, saying
     * why, where the archive is absent. Complete when it exists: it gets its name only after everything is unpacked.
     */
    public static synchronized Path root() {
        Path root = BUILD.resolve(NAME);
        if (!Files.isDirectory(root)) {
            Path archive = Shared.file("data/" + NAME + ".tar.gz");
            try {
                unpack(archive, root);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot unpack " + archive + " to " + root, e);
            }
        }
        return root;
    }

    private static void unpack(Path archive, Path root) throws IOException {
        Path fresh = Files.createTempDirectory(Files.createDirectories(BUILD), NAME + "-");
        try {
            runTar(List.of("tar", "-xzf", archive.toAbsolutePath().toString(), "-C", fresh.toString()));
            try {
                Files.move(fresh.resolve(NAME), root, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                if (!Files.isDirectory(root)) { // else another JVM was faster: its copy is as good
                    throw e;
                }
            }
        } finally {
            delete(fresh);
        }
    }

    private static void runTar(List<String> command) throws IOException {
        try {
            int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (exit != 0) {
                throw new IOException(String.join(" ", command) + " ended with code " + exit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while unpacking", e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
