package org.keeplora.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A file of named arrays in the safetensors format: 8 bytes header length, a JSON header, the arrays.
 *
 * <p>The header is checked whole when the file is opened; the arrays are memory-mapped and read when asked for. Nothing in such a
 * file is ever executed.
 */
public final class Safetensors {
    /** The reference implementation's limit. */
    private static final long LARGEST_HEADER = 100_000_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final SortedMap<String, Entry> entries = new TreeMap<>();
    private final SortedMap<String, String> metadata = new TreeMap<>();

    private record Entry(ArrayType type, long[] shape, long begin, long end) {}

    private Safetensors(Path file) {
        this.file = file;
    }

    /**
     * Opens {@code file} and checks its header.
     *
     * @throws BadFile when it is not a well-formed safetensors file
     * @throws UncheckedIOException when it cannot be read
     */
    public static Safetensors open(Path file) {
        Safetensors arrays = new Safetensors(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            arrays.readHeader(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read; check the path and its permissions", e);
        }
        return arrays;
    }

    private void readHeader(FileChannel channel) throws IOException {
        long size = channel.size();
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        if (size < Long.BYTES || channel.read(length) < Long.BYTES) {
            throw new BadFile(file, size + " bytes are too few for a safetensors file");
        }
        long headerLength = length.getLong(0);
        if (headerLength < 2 || headerLength > Math.min(LARGEST_HEADER, size - Long.BYTES)) {
            throw new BadFile(
                    file,
                    "header length at offset 0 is " + headerLength + " in a file of " + size
                            + " bytes; this is no safetensors file, or it is cut short");
        }
        ByteBuffer header = ByteBuffer.allocate((int) headerLength);
        while (header.hasRemaining() && channel.read(header) >= 0) {}
        JsonNode root;
        try {
            root = JSON.readTree(new String(header.array(), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new BadFile(file, "header at offset 8 is no JSON: " + e.getOriginalMessage());
        }
        long data = Long.BYTES + headerLength;
        root.properties().forEach(field -> {
            if (field.getKey().equals("__metadata__")) {
                field.getValue()
                        .properties()
                        .forEach(f -> metadata.put(f.getKey(), f.getValue().asText()));
            } else {
                entries.put(field.getKey(), entry(field.getKey(), field.getValue(), data, size));
            }
        });
        requireNoOverlap();
    }

    private Entry entry(String name, JsonNode node, long data, long size) {
        JsonNode offsets = node.path("data_offsets");
        JsonNode dimensions = node.path("shape");
        if (!node.path("dtype").isTextual() || !dimensions.isArray() || offsets.size() != 2) {
            throw new BadFile(file, "header entry '" + name + "' lacks dtype, shape or data_offsets");
        }
        ArrayType type;
        try {
            type = ArrayType.valueOf(node.path("dtype").asText());
        } catch (IllegalArgumentException e) {
            throw new BadFile(
                    file,
                    "array '" + name + "' has the unknown type "
                            + node.path("dtype").asText());
        }
        long[] shape = new long[dimensions.size()];
        long bytes = type.bytes();
        for (int i = 0; i < shape.length; i++) {
            shape[i] = dimensions.get(i).asLong(-1);
            if (shape[i] < 0 || shape[i] > 0 && bytes > Long.MAX_VALUE / shape[i]) {
                throw new BadFile(file, "array '" + name + "' has the impossible shape " + dimensions);
            }
            bytes *= shape[i];
        }
        long begin = offsets.get(0).asLong(-1);
        long end = offsets.get(1).asLong(-1);
        if (begin < 0 || end - begin != bytes || end > size - data) {
            throw new BadFile(
                    file,
                    "array '" + name + "' of " + bytes + " bytes lies at " + offsets + " of " + (size - data)
                            + " data bytes; the file is damaged or cut short");
        }
        return new Entry(type, shape, data + begin, data + end);
    }

    private void requireNoOverlap() {
        List<Map.Entry<String, Entry>> byOffset = new ArrayList<>(entries.entrySet());
        byOffset.sort(Comparator.<Map.Entry<String, Entry>>comparingLong(
                        e -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        for (int i = 1; i < byOffset.size(); i++) {
            if (byOffset.get(i).getValue().begin()
                    < byOffset.get(i - 1).getValue().end()) {
                throw new BadFile(
                        file,
                        "arrays '" + byOffset.get(i - 1).getKey() + "' and '"
                                + byOffset.get(i).getKey() + "' overlap");
            }
        }
    }

    /** The file it was opened from. */
    public Path file() {
        return file;
    }

    /** Names of all arrays, sorted. */
    public Set<String> names() {
        return java.util.Collections.unmodifiableSet(entries.keySet());
    }

    /** The file's free-text metadata. */
    public Map<String, String> metadata() {
        return java.util.Collections.unmodifiableMap(metadata);
    }

    /**
     * The array called {@code name}, mapped into memory.
     *
     * @throws NoSuchElementException naming the file and the array
     */
    public NamedArray get(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new NoSuchElementException(file + " holds no array '" + name + "'");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, entry.begin(), entry.end() - entry.begin());
            return new NamedArray(name, entry.type(), entry.shape().clone(), bytes.order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read any more", e);
        }
    }

    /**
     * Writes {@code arrays} under {@code file}, replacing it at once when complete: widest type first, then by name, as the
     * reference implementation orders them.
     */
    public static void write(Path file, List<NamedArray> arrays, Map<String, String> metadata) {
        List<NamedArray> ordered = new ArrayList<>(arrays);
        ordered.sort(
                Comparator.comparingInt((NamedArray a) -> -a.type().bytes()).thenComparing(NamedArray::name));
        var root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            new TreeMap<>(metadata).forEach(root.putObject("__metadata__")::put);
        }
        long offset = 0;
        for (NamedArray array : ordered) {
            var node = root.putObject(array.name()).put("dtype", array.type().name());
            var shape = node.putArray("shape");
            for (long dimension : array.shape()) {
                shape.add(dimension);
            }
            long end = offset + array.elements() * array.type().bytes();
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] header = root.toString().getBytes(StandardCharsets.UTF_8);
        int padding = Math.floorMod(-header.length, Long.BYTES);
        ByteBuffer start =
                ByteBuffer.allocate(Long.BYTES + header.length + padding).order(ByteOrder.LITTLE_ENDIAN);
        start.putLong(header.length + padding)
                .put(header)
                .put(" ".repeat(padding).getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(file, channel -> {
            writeAll(channel, start.flip());
            for (NamedArray array : ordered) {
                writeAll(channel, array.bytes().duplicate().rewind());
            }
        });
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
