package org.keeplora.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The header of a safetensors file: the place of each array, and metadata.
 *
 * @param arrays by name, in the order of their data
 * @param metadata text by key
 */
record SafetensorsHeader(Map<String, Span> arrays, SortedMap<String, String> metadata) {
    /** The number of bytes at the start of a file that give the header's length. */
    static final int LENGTH_BYTES = 8;

    static final String METADATA = "__metadata__";
    /** The end of every message about a damaged file. */
    static final String ADVICE = "; fetch the file again";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** One array's place: bytes {@code begin} to {@code end}, counted from the end of the header. */
    record Span(ElementFormat format, long[] shape, long begin, long end) {}

    /** The header for {@code arrays} in the order in which they are written: widest elements first, then by name. */
    static SafetensorsHeader of(List<NamedArray> arrays, Map<String, String> metadata) {
        Map<String, Span> spans = new LinkedHashMap<>();
        long end = 0;
        for (NamedArray array : inFileOrder(arrays)) {
            Span span = new Span(
                    array.format(), array.shape(), end, end + array.data().limit());
            if (array.name().equals(METADATA) || spans.put(array.name(), span) != null) {
                throw new IllegalArgumentException(
                        "Safetensors.write: the name " + array.name() + " is reserved or given twice");
            }
            end = span.end();
        }
        return new SafetensorsHeader(spans, new TreeMap<>(metadata));
    }

    static List<NamedArray> inFileOrder(List<NamedArray> arrays) {
        return arrays.stream()
                .sorted(Comparator.comparing(NamedArray::format)
                        .reversed()
                        .thenComparing(array -> array.name().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned))
                .toList();
    }

    /** UTF-8 JSON, padded with spaces so that the data starts at a multiple of 8. */
    byte[] toBytes() {
        ObjectNode root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            metadata.forEach(root.putObject(METADATA)::put);
        }
        arrays.forEach((name, span) -> {
            ObjectNode array = root.putObject(name).put("dtype", span.format().name());
            Arrays.stream(span.shape()).forEach(array.putArray("shape")::add);
            array.putArray("data_offsets").add(span.begin()).add(span.end());
        });
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + LENGTH_BYTES - 1) / LENGTH_BYTES * LENGTH_BYTES);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    /**
     * Reads and checks a header: each array's offsets fit its shape, and together they cover the data without gap or
     * overlap.
     *
     * @param json at least 2 bytes
     * @param dataBytes how many bytes follow the header in the file
     * @throws BadFile naming the array and the offset
     */
    static SafetensorsHeader parse(Path file, byte[] json, long dataBytes) {
        SafetensorsJson header = new SafetensorsJson(file, json).read();
        List<Map.Entry<String, Span>> spans = header.spans();
        spans.sort(Comparator.comparingLong((Map.Entry<String, Span> s) -> s.getValue().begin)
                .thenComparingLong(s -> s.getValue().end));
        return new SafetensorsHeader(
                Collections.unmodifiableMap(covering(file, spans, dataBytes)),
                Collections.unmodifiableSortedMap(header.metadata()));
    }

    private static Map<String, Span> covering(Path file, List<Map.Entry<String, Span>> sorted, long dataBytes) {
        Map<String, Span> spans = new LinkedHashMap<>();
        long end = 0;
        for (Map.Entry<String, Span> entry : sorted) {
            Span span = entry.getValue();
            require(
                    file,
                    span.begin() == end,
                    "array " + entry.getKey() + ": data begins at offset " + span.begin()
                            + " but the array before it ends at " + end
                            + "; arrays must neither overlap nor leave gaps");
            end = span.end();
            require(
                    file,
                    end <= dataBytes,
                    "array " + entry.getKey() + ": data ends at offset " + end + " but the file holds " + dataBytes
                            + " bytes of data; it is cut short");
            spans.put(entry.getKey(), span);
        }
        require(
                file,
                end == dataBytes,
                "the arrays end at offset " + end + " but the file holds " + dataBytes + " bytes of data");
        return spans;
    }

    private static void require(Path file, boolean holds, String problem) {
        if (!holds) {
            throw new BadFile(file, problem + ADVICE);
        }
    }
}
