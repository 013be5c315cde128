package org.keeplora;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The small MTIL tree, unpacked once into the build folder. */
public final class MiniMtil {
    private MiniMtil() {}

    /** The folder that holds caltech101/, eurosat/, MNIST/ and the others. */
    public static synchronized Path root() {
        Path archive = Shared.file("data/mtil-mini.tar.gz");
        Path build = Path.of(System.getProperty("basedir", "."))
                .resolve("../target")
                .toAbsolutePath()
                .normalize();
        Path root = build.resolve("mtil-mini");
        if (!Files.isDirectory(root)) {
            try {
                Path partial = Files.createTempDirectory(build, "unpacking");
                int exit = new ProcessBuilder(
                                "tar", "xzf", archive.toAbsolutePath().toString(), "-C", partial.toString())
                        .inheritIO()
                        .start()
                        .waitFor();
                if (exit != 0) {
                    throw new IllegalStateException("tar ended with " + exit + " on " + archive);
                }
                Files.move(partial.resolve("mtil-mini"), root, StandardCopyOption.ATOMIC_MOVE);
                Files.delete(partial);
            } catch (IOException e) {
                throw new IllegalStateException("cannot unpack " + archive, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return root;
    }
}
