package org.keeplora.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * The content of an idx file of unsigned bytes: magic number {@code 00 00 08 <dimensions>}, each dimension as a
 * big-endian int32, then the values (format description on the MNIST page).
 *
 * @param file the file that was read
 * @param shape sizes, slowest first, each at least 1
 * @param values row-major, unsigned
 */
record IdxArray(Path file, int[] shape, byte[] values) {
    private static final int UNSIGNED_BYTE = 0x08;

    /**
     * Reads {@code plain}, or {@code plain.gz} where only that exists.
     *
     * @throws DatasetException when neither exists or the content is not exactly one such array
     */
    static IdxArray read(Path plain, int dimensions) {
        Path file = existing(plain);
        ByteBuffer bytes = ByteBuffer.wrap(content(file));
        int header = Integer.BYTES * (1 + dimensions);
        int magic = UNSIGNED_BYTE << 8 | dimensions;
        if (bytes.remaining() < header || bytes.getInt(0) != magic) {
            String found = bytes.remaining() < Integer.BYTES
                    ? "only " + bytes.remaining() + " bytes"
                    : "0x%08x".formatted(bytes.getInt(0));
            throw damaged(
                    file,
                    "offset 0: expected an idx header of %d bytes that starts with 0x%08x, found %s"
                            .formatted(header, magic, found));
        }
        int[] shape = new int[dimensions];
        long size = 1;
        for (int i = 0; i < dimensions; i++) {
            shape[i] = bytes.getInt(Integer.BYTES * (1 + i));
            if (shape[i] < 1 || size * shape[i] > Integer.MAX_VALUE) {
                throw damaged(file, "offset %d: size %d is not possible".formatted(Integer.BYTES * (1 + i), shape[i]));
            }
            size *= shape[i];
        }
        if (bytes.remaining() - header != size) {
            throw damaged(
                    file,
                    "offset %d: header promises %s = %d values, found %d"
                            .formatted(header, Arrays.toString(shape), size, bytes.remaining() - header));
        }
        return new IdxArray(file, shape, Arrays.copyOfRange(bytes.array(), header, bytes.array().length));
    }

    int headerBytes() {
        return Integer.BYTES * (1 + shape.length);
    }

    private static Path existing(Path plain) {
        Path zipped = plain.resolveSibling(plain.getFileName() + ".gz");
        if (Files.isRegularFile(plain)) {
            return plain;
        }
        if (Files.isRegularFile(zipped)) {
            return zipped;
        }
        throw new DatasetException(plain + ": file not found (nor with .gz); download it into that folder");
    }

    private static byte[] content(Path file) {
        try {
            if (!file.toString().endsWith(".gz")) {
                return Files.readAllBytes(file);
            }
            try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                return in.readAllBytes();
            }
        } catch (IOException e) {
            throw new DatasetException(
                    "%s: cannot be read (%s); check permissions or download it again"
                            .formatted(file, DatasetException.reason(e)),
                    e);
        }
    }

    private static DatasetException damaged(Path file, String what) {
        return new DatasetException(file + ": not a valid idx file, " + what + "; download it again");
    }
}
