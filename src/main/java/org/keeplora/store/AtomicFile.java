package org.keeplora.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes a file under a temporary name and gives it its own name when it is complete. */
final class AtomicFile {
    private AtomicFile() {}

    /** What writes the contents. */
    interface Contents {
        void writeTo(FileChannel channel) throws IOException;
    }

    static void write(Path file, Contents contents) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            Path partial = Files.createTempFile(folder, "." + file.getFileName(), ".partial");
            try {
                try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
                    contents.writeTo(channel);
                    channel.force(true);
                }
                Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + " cannot be written; check the folder, its permissions and free space", e);
        }
    }
}
