package org.keeplora.learner;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.BytePointer;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.Require;
import org.keeplora.engine.internal.ResourceScope;

/**
 * Matrices and facts in one safetensors file. It is written in one fixed form, so reading needs no JSON library, and
 * refuses every other form. The fact {@link #CHECKSUM} is the SHA-256 of the file with its own 64 digits as zeros.
 *
 * @param facts text by key, without characters that JSON escapes
 * @param matrices by name, float32 or float64 on the host
 */
record SafetensorsFile(Map<String, String> facts, Map<String, Matrix> matrices) {
    private static final String CHECKSUM = "sha256";
    private static final String START = "{\"__metadata__\":{\"" + CHECKSUM + "\":\"";
    private static final int DIGITS = 64;
    private static final int LENGTH_BYTES = 8;
    private static final int CHECKSUM_AT = LENGTH_BYTES + START.length();
    private static final int LONGEST_HEADER = 1 << 26;
    private static final int CHUNK = 1 << 22;
    private static final Pattern FACT = Pattern.compile(",\"([^\"\\\\]+)\":\"([^\"\\\\]*)\"");
    private static final Pattern ARRAY = Pattern.compile(",\"([^\"\\\\]+)\":\\{\"dtype\":\"(F32|F64)\",\"shape\":"
            + "\\[(\\d{1,9}),(\\d{1,9})\\],\"data_offsets\":\\[(\\d{1,18}),(\\d{1,18})\\]\\}");

    SafetensorsFile {
        Map<String, Matrix> aligned = new LinkedHashMap<>();
        for (ElementType type : List.of(ElementType.F64, ElementType.F32)) { // each array at a multiple of its elements
            matrices.forEach((name, matrix) -> {
                if (matrix.type() == type) {
                    aligned.put(name, matrix);
                }
            });
        }
        matrices = aligned;
    }

    /** Writes to {@code file} in one step: a reader sees the old content or the whole new one. */
    void write(Path file) {
        Path target = Files.isSymbolicLink(file) ? resolved(file) : file;
        Path part = target.resolveSibling(".keeplora-" + UUID.randomUUID() + ".part");
        try {
            try (FileChannel channel = FileChannel.open(
                    part, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                writeAll(channel, header());
                for (Matrix matrix : matrices.values()) {
                    for (ByteBuffer chunk : chunks(matrix)) {
                        writeAll(channel, chunk);
                    }
                }
                channel.write(ByteBuffer.wrap(checksum(channel).getBytes(StandardCharsets.US_ASCII)), CHECKSUM_AT);
                channel.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written: " + e, e);
        } finally {
            delete(part);
        }
    }

    /** Where a link leads; the file there is replaced, not the link. */
    private static Path resolved(Path link) {
        try {
            return link.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(link + ": its target cannot be written: " + e, e);
        }
    }

    private static void delete(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw new UncheckedIOException(part + ": cannot be deleted: " + e, e);
        }
    }

    private ByteBuffer header() {
        StringBuilder json = new StringBuilder(START).append("0".repeat(DIGITS)).append('"');
        facts.forEach((key, value) -> json.append(Require.text(",\"%s\":\"%s\"", key, value)));
        json.append('}');
        long end = 0;
        for (Map.Entry<String, Matrix> entry : matrices.entrySet()) {
            Matrix matrix = entry.getValue();
            long begin = end;
            end += bytes(matrix);
            json.append(Require.text(
                    ",\"%s\":{\"dtype\":\"%s\",\"shape\":[%d,%d],\"data_offsets\":[%d,%d]}",
                    entry.getKey(), matrix.type(), matrix.rows(), matrix.cols(), begin, end));
        }
        json.append('}');
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (text.length + LENGTH_BYTES - 1) / LENGTH_BYTES * LENGTH_BYTES;
        ByteBuffer header = ByteBuffer.allocate(LENGTH_BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(text);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }

    private static long bytes(Matrix matrix) {
        return (long) matrix.rows() * matrix.cols() * matrix.type().bytes();
    }

    /** The matrix's memory in buffers of at most {@link #CHUNK} bytes. */
    private static List<ByteBuffer> chunks(Matrix matrix) {
        List<ByteBuffer> chunks = new ArrayList<>();
        BytePointer memory = new BytePointer(matrix.type() == ElementType.F32 ? matrix.floats() : matrix.doubles());
        long start = memory.position();
        long size = bytes(matrix);
        for (long done = 0; done < size; done += CHUNK) {
            memory.limit(start + Math.min(size, done + CHUNK)).position(start + done);
            chunks.add(memory.asByteBuffer());
        }
        return chunks;
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static String checksum(FileChannel channel) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        for (long position = 0; channel.read(chunk, position) > 0; position += chunk.limit(), chunk.clear()) {
            chunk.flip();
            if (position == 0) {
                for (int i = CHECKSUM_AT; i < Math.min(CHECKSUM_AT + DIGITS, chunk.limit()); i++) {
                    chunk.put(i, (byte) '0');
                }
            }
            digest.update(chunk);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Reads a file that {@link #write} made. The matrices are on the host; {@code scope} closes them.
     *
     * @throws DamagedFile if it is not such a file, or its checksum is another
     */
    static SafetensorsFile read(Path file, ResourceScope scope) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            String json = header(file, channel);
            String expected = json.substring(START.length(), START.length() + DIGITS);
            require(file, checksum(channel).equals(expected), "its content does not have the checksum in it");
            return parsed(file, json, channel, scope);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e, e);
        }
    }

    private static String header(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        require(file, size > CHECKSUM_AT + DIGITS && channel.read(length, 0) == LENGTH_BYTES, "it is too short");
        long bytes = length.getLong(0);
        require(
                file,
                bytes > START.length() + DIGITS && bytes <= Math.min(LONGEST_HEADER, size - LENGTH_BYTES),
                "its header's length does not fit");
        ByteBuffer json = ByteBuffer.allocate((int) bytes);
        while (json.hasRemaining() && channel.read(json, LENGTH_BYTES + json.position()) > 0) {}
        String text = new String(json.array(), StandardCharsets.UTF_8);
        require(file, text.startsWith(START), "its header is of another program");
        return text;
    }

    private static SafetensorsFile parsed(Path file, String json, FileChannel channel, ResourceScope scope)
            throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        Matcher fact = FACT.matcher(json).region(START.length() + DIGITS + 1, json.length());
        int at = fact.regionStart();
        for (; fact.lookingAt(); at = fact.end(), fact.region(at, json.length())) {
            require(file, facts.put(fact.group(1), fact.group(2)) == null, "its header gives a fact twice");
        }
        require(file, json.startsWith("}", at), "its header is of another form at character " + at);
        Map<String, Matrix> matrices = new LinkedHashMap<>();
        long data = LENGTH_BYTES + json.getBytes(StandardCharsets.UTF_8).length;
        long end = 0;
        Matcher array = ARRAY.matcher(json).region(at + 1, json.length());
        for (at++; array.lookingAt(); at = array.end(), array.region(at, json.length())) {
            int rows = Integer.parseInt(array.group(3));
            int cols = Integer.parseInt(array.group(4));
            ElementType type = ElementType.valueOf(array.group(2));
            long begin = end;
            end = Long.parseLong(array.group(6));
            require(
                    file,
                    Long.parseLong(array.group(5)) == begin
                            && end - begin == (long) rows * cols * type.bytes()
                            && end <= channel.size() - data
                            && !matrices.containsKey(array.group(1)),
                    "array " + array.group(1) + " does not fit");
            Matrix matrix = scope.keep(Matrix.zeros(rows, cols, type));
            matrices.put(array.group(1), matrix);
            fill(matrix, channel, data + begin);
        }
        require(
                file,
                json.startsWith("}", at) && json.substring(at + 1).isBlank() && end == channel.size() - data,
                "its header is of another form at character " + at);
        return new SafetensorsFile(facts, matrices);
    }

    private static void fill(Matrix matrix, FileChannel channel, long position) throws IOException {
        long at = position;
        for (ByteBuffer chunk : chunks(matrix)) {
            while (chunk.hasRemaining()) {
                int read = channel.read(chunk, at);
                if (read < 0) {
                    throw new EOFException("the file became shorter");
                }
                at += read;
            }
        }
    }

    static void require(Path file, boolean holds, String problem) {
        if (!holds) {
            throw new DamagedFile(file, problem);
        }
    }
}
