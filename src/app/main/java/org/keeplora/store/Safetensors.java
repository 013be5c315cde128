package org.keeplora.store;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * Named arrays in one file, in the safetensors format: header length (8 bytes, little-endian), JSON header, data.
 *
 * <p>Reading checks the whole header first and then maps one array at a time, so a file may be larger than memory;
 * mapped memory is freed with the buffer. Nothing in a file is executed. Source: the format's description at
 * github.com/huggingface/safetensors.
 */
public final class Safetensors implements ArraySource {
    /** The reference implementation's limit; a longer header is treated as damage. */
    private static final long LONGEST_HEADER = 100_000_000;

    private final Path file;
    private final SafetensorsHeader header;
    private final long dataStart;
    private final long fileBytes;

    private Safetensors(Path file, SafetensorsHeader header, long dataStart, long fileBytes) {
        this.file = file;
        this.header = header;
        this.dataStart = dataStart;
        this.fileBytes = fileBytes;
    }

    /**
     * Reads and checks the header of {@code file}.
     *
     * @throws BadFile when it is absent, incomplete, not a safetensors file, or has an unknown element format
     * @throws UncheckedIOException when it cannot be read
     */
    public static Safetensors open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new BadFile(
                    file, Files.exists(file) ? "not a file; correct the path" : "no such file; correct the path");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            long bytes = channel.size();
            if (bytes < SafetensorsHeader.LENGTH_BYTES) {
                throw new BadFile(file, bytes + " bytes are too few for a safetensors file" + SafetensorsHeader.ADVICE);
            }
            long length = read(channel, 0, SafetensorsHeader.LENGTH_BYTES).getLong();
            requireHeader(file, length, bytes);
            byte[] json =
                    read(channel, SafetensorsHeader.LENGTH_BYTES, (int) length).array();
            long dataStart = SafetensorsHeader.LENGTH_BYTES + length;
            return new Safetensors(file, SafetensorsHeader.parse(file, json, bytes - dataStart), dataStart, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static void requireHeader(Path file, long length, long bytes) {
        String unsigned = Long.toUnsignedString(length);
        if (length < 0 || length > LONGEST_HEADER) {
            throw new BadFile(
                    file,
                    "bytes 0 to 7 give a header of " + unsigned + " bytes, but at most " + LONGEST_HEADER
                            + " are allowed: not a safetensors file" + SafetensorsHeader.ADVICE);
        }
        if (length < 2 || length > bytes - SafetensorsHeader.LENGTH_BYTES) {
            throw new BadFile(
                    file,
                    "bytes 0 to 7 give a header of " + unsigned + " bytes but the file has " + bytes
                            + ": not a safetensors file, or cut short" + SafetensorsHeader.ADVICE);
        }
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new EOFException("end of file at byte " + (position + bytes.position()));
            }
        }
        return bytes.flip();
    }

    @Override
    public Path file() {
        return file;
    }

    /** All names, in the order of their data in the file. */
    @Override
    public Set<String> names() {
        return header.arrays().keySet();
    }

    /** The file's metadata by key. */
    public SortedMap<String, String> metadata() {
        return header.metadata();
    }

    @Override
    public ElementFormat format(String name) {
        return span(name).format();
    }

    @Override
    public long[] shape(String name) {
        return span(name).shape().clone();
    }

    /** The array {@code name}, its data mapped read-only from the file. */
    @Override
    public NamedArray get(String name) {
        SafetensorsHeader.Span span = span(name);
        long length = span.end() - span.begin();
        if (length > Integer.MAX_VALUE) {
            throw new BadFile(
                    file,
                    "array " + name + " has " + length
                            + " bytes; arrays of 2 GiB or more cannot be read, save it in several parts");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() != fileBytes) {
                throw new BadFile(
                        file,
                        "changed from " + fileBytes + " to " + channel.size() + " bytes while in use; start again");
            }
            ByteBuffer data = channel.map(MapMode.READ_ONLY, dataStart + span.begin(), length);
            return new NamedArray(name, span.format(), span.shape().clone(), data);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": array " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private SafetensorsHeader.Span span(String name) {
        SafetensorsHeader.Span span = header.arrays().get(name);
        if (span == null) {
            throw new BadFile(file, "holds no array " + name + "; give the file that does");
        }
        return span;
    }

    /**
     * Writes {@code arrays} and {@code metadata} to {@code file}, replacing it in one step: a reader sees the old file
     * or the whole new one. The same content gives the same bytes, in the order of the reference implementation.
     *
     * @throws UncheckedIOException when it cannot be written; {@code file} is then unchanged
     */
    public static void write(Path file, List<NamedArray> arrays, Map<String, String> metadata) {
        byte[] json = SafetensorsHeader.of(arrays, metadata).toBytes();
        List<ByteBuffer> content = new ArrayList<>();
        content.add(ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .flip());
        content.add(ByteBuffer.wrap(json));
        SafetensorsHeader.inFileOrder(arrays).forEach(array -> content.add(array.littleEndian()));
        try {
            DurableFiles.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written: " + e, e);
        }
    }
}
