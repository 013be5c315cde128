package org.keeplora.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads whole files and streams into memory, after a check of their size. */
public final class WholeFile {
    private WholeFile() {}

    /**
     * The content of {@code file}.
     *
     * @param most limit for its size in bytes
     * @throws BadFile when the file is larger, or is not a file
     * @throws NoSuchFileException when it is absent
     */
    public static byte[] bytes(Path file, int most) throws IOException {
        requireAtMost(file, most);
        return Files.readAllBytes(file);
    }

    /** Makes the checks of {@link #bytes} without reading. */
    public static void requireAtMost(Path file, int most) throws IOException {
        long size = Files.size(file);
        if (!Files.isRegularFile(file)) {
            throw new BadFile(file, "not a file; correct the path");
        }
        if (size > most) {
            throw new BadFile(
                    file, "has " + size + " bytes, but such a file has at most " + most + "; is it the right one?");
        }
    }

    /**
     * The rest of {@code in}, whose length is not known in advance, for example because it is compressed.
     *
     * @param file for the message
     * @param most limit in bytes
     * @throws BadFile when there are more than {@code most} bytes
     */
    public static byte[] rest(Path file, InputStream in, int most) throws IOException {
        byte[] bytes = in.readNBytes(most);
        if (in.read() >= 0) {
            throw new BadFile(file, "unpacks to more than " + most + " bytes; is it the right file?");
        }
        return bytes;
    }
}
