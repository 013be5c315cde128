package org.keeplora.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Archives of the shared folder, each unpacked once into the build folder. */
public final class SharedArchive {
    private static final Path BUILD = Path.of(System.getProperty("basedir", "."), "target")
            .toAbsolutePath()
            .normalize();

    private SharedArchive() {}

    /**
     * The folder {@code name} unpacked from {@code data/<name>.tar.gz}. Skips the test with the reason if the archive
     * is absent. A folder that exists is complete, because it is renamed only after everything is unpacked.
     */
    public static synchronized Path folder(String name) {
        Path folder = BUILD.resolve(name);
        if (!Files.isDirectory(folder)) {
            Path archive = Shared.file("data/" + name + ".tar.gz");
            try {
                unpack(archive, folder);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot unpack " + archive + " to " + folder, e);
            }
        }
        return folder;
    }

    private static void unpack(Path archive, Path folder) throws IOException {
        Path fresh = Files.createTempDirectory(Files.createDirectories(BUILD), folder.getFileName() + "-");
        try {
            runTar(List.of("tar", "-xzf", archive.toAbsolutePath().toString(), "-C", fresh.toString()));
            try {
                Files.move(fresh.resolve(folder.getFileName()), folder, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                if (!Files.isDirectory(folder)) { // otherwise another JVM was faster and its copy is used
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

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
