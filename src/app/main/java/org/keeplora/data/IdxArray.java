package org.keeplora.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
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
    /** Limit for one file; MNIST's largest has 47,040,000 values. */
    private static final int MOST_VALUES = 512 << 20;

    /**
     * Reads {@code plain}, or {@code plain.gz} when only that exists.
     *
     * @throws DatasetException when neither exists or the content is not exactly one array of {@code dimensions}
     *     dimensions
     */
    static IdxArray read(Path plain, int dimensions) {
        Path file = existing(plain);
        try (InputStream in = opened(file)) {
            int header = Integer.BYTES * (1 + dimensions);
            int[] shape = shape(file, in.readNBytes(header), dimensions);
            int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
            byte[] values = in.readNBytes(size);
            int more = in.read();
            if (values.length != size || more >= 0) {
                throw damaged(
                        file,
                        String.format(
                                Locale.ROOT,
                                "offset %d: header promises %s = %d values, found %s",
                                header,
                                Arrays.toString(shape),
                                size,
                                more < 0 ? values.length + "" : "more"));
            }
            return new IdxArray(file, shape, values);
        } catch (IOException e) {
            throw new DatasetException(
                    file + ": cannot be read (" + DatasetException.reason(e)
                            + "); check permissions or download it again",
                    e);
        }
    }

    private static int[] shape(Path file, byte[] header, int dimensions) {
        ByteBuffer bytes = ByteBuffer.wrap(header);
        int magic = UNSIGNED_BYTE << 8 | dimensions;
        int length = Integer.BYTES * (1 + dimensions);
        if (header.length < length || bytes.getInt(0) != magic) {
            String found = header.length < Integer.BYTES
                    ? "only " + header.length + " bytes"
                    : String.format(Locale.ROOT, "0x%08x", bytes.getInt(0));
            throw damaged(
                    file,
                    String.format(
                            Locale.ROOT,
                            "offset 0: expected an idx header of %d bytes that starts with 0x%08x, found %s",
                            length,
                            magic,
                            found));
        }
        int[] shape = new int[dimensions];
        long size = 1;
        for (int i = 0; i < dimensions; i++) {
            shape[i] = bytes.getInt(Integer.BYTES * (1 + i));
            size *= shape[i];
            if (shape[i] < 1 || size > MOST_VALUES) {
                throw damaged(file, "offset " + (Integer.BYTES * (1 + i)) + ": size " + shape[i] + " is not possible");
            }
        }
        return shape;
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

    private static InputStream opened(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            return file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static DatasetException damaged(Path file, String what) {
        return new DatasetException(file + ": not a valid idx file, " + what + "; download it again");
    }
}
