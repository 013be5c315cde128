package org.keeplora.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a safetensors file says about itself: where each array lies, and free text.
 *
 * @param arrays by name, in the order of their data
 * @param metadata free text by key
 */
record SafetensorsHeader(Map<String, Span> arrays, SortedMap<String, String> metadata) {
    /** The number of bytes at the start of a file that give the header's length. */
    static final int LENGTH_BYTES = 8;

    private static final String METADATA = "__metadata__";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** One array's place: {@code begin} to {@code end}, in bytes after the header. */
    record Span(ElementFormat format, long[] shape, long begin, long end) {}

    /** Header of {@code arrays} as they will be written: widest elements first, then by name. */
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
     * Reads and checks a header: each array's offsets fit its shape, and together they cover the data without gap or overlap.
     *
     * @param dataBytes how many bytes follow the header in the file
     * @throws BadFile naming the array and the offset
     */
    static SafetensorsHeader parse(Path file, byte[] json, long dataBytes) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at byte " + (LENGTH_BYTES + e.getLocation().getByteOffset());
            throw new BadFile(file, "header is not valid JSON" + where + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new BadFile(file, "header is not UTF-8 JSON: " + e.getMessage(), e);
        }
        require(file, root.isObject(), "header is not a JSON object");
        SortedMap<String, String> metadata = new TreeMap<>();
        List<Map.Entry<String, Span>> spans = new ArrayList<>();
        root.properties().forEach(entry -> {
            if (entry.getKey().equals(METADATA)) {
                metadata.putAll(text(file, entry.getValue()));
            } else {
                spans.add(Map.entry(entry.getKey(), span(file, entry.getKey(), entry.getValue())));
            }
        });
        spans.sort(Comparator.comparingLong((Map.Entry<String, Span> s) -> s.getValue().begin)
                .thenComparingLong(s -> s.getValue().end));
        return new SafetensorsHeader(
                Collections.unmodifiableMap(covering(file, spans, dataBytes)),
                Collections.unmodifiableSortedMap(metadata));
    }

    private static Map<String, String> text(Path file, JsonNode node) {
        require(file, node.isObject(), "header: " + METADATA + " is not an object of strings");
        Map<String, String> text = new LinkedHashMap<>();
        node.properties().forEach(entry -> {
            require(
                    file,
                    entry.getValue().isTextual(),
                    "header: " + METADATA + "." + entry.getKey() + " is not a string");
            text.put(entry.getKey(), entry.getValue().textValue());
        });
        return text;
    }

    private static Span span(Path file, String name, JsonNode node) {
        require(file, node.isObject(), "array " + name + ": its header entry is not an object");
        ElementFormat format = format(file, name, node.path("dtype").asText());
        long[] shape = counts(file, name, node, "shape");
        long[] offsets = counts(file, name, node, "data_offsets");
        require(
                file,
                offsets.length == 2 && offsets[0] <= offsets[1],
                "array " + name + ": data_offsets " + Arrays.toString(offsets) + " are not [begin, end]");
        long needed;
        try {
            needed = Math.multiplyExact(NamedArray.elements(shape), format.bytes());
        } catch (ArithmeticException e) {
            throw new BadFile(file, "array " + name + ": shape " + Arrays.toString(shape) + " is too large", e);
        }
        require(
                file,
                offsets[1] - offsets[0] == needed,
                "array %s: shape %s of %s needs %d bytes but data_offsets %s hold %d"
                        .formatted(
                                name,
                                Arrays.toString(shape),
                                format,
                                needed,
                                Arrays.toString(offsets),
                                offsets[1] - offsets[0]));
        return new Span(format, shape, offsets[0], offsets[1]);
    }

    private static ElementFormat format(Path file, String name, String dtype) {
        return Arrays.stream(ElementFormat.values())
                .filter(format -> format.name().equals(dtype))
                .findFirst()
                .orElseThrow(() -> new BadFile(
                        file,
                        "array %s: dtype '%s' is not one of %s"
                                .formatted(name, dtype, Arrays.toString(ElementFormat.values()))));
    }

    private static long[] counts(Path file, String name, JsonNode node, String key) {
        JsonNode list = node.path(key);
        require(file, list.isArray(), "array " + name + ": " + key + " is missing or not a list");
        long[] counts = new long[list.size()];
        for (int i = 0; i < counts.length; i++) {
            JsonNode count = list.get(i);
            require(
                    file,
                    count.isIntegralNumber() && count.canConvertToLong() && count.longValue() >= 0,
                    "array " + name + ": " + key + " holds " + count + ", not a count");
            counts[i] = count.longValue();
        }
        return counts;
    }

    private static Map<String, Span> covering(Path file, List<Map.Entry<String, Span>> sorted, long dataBytes) {
        Map<String, Span> spans = new LinkedHashMap<>();
        long end = 0;
        for (Map.Entry<String, Span> entry : sorted) {
            Span span = entry.getValue();
            require(
                    file,
                    span.begin() == end,
                    "array %s: data begins at offset %d but the array before it ends at %d; arrays must neither overlap nor leave gaps"
                            .formatted(entry.getKey(), span.begin(), end));
            end = span.end();
            require(
                    file,
                    end <= dataBytes,
                    "array %s: data ends at offset %d but the file holds %d bytes of data; it is cut short, fetch it again"
                            .formatted(entry.getKey(), end, dataBytes));
            spans.put(entry.getKey(), span);
        }
        require(
                file,
                end == dataBytes,
                "the arrays end at offset %d but the file holds %d bytes of data".formatted(end, dataBytes));
        return spans;
    }

    private static void require(Path file, boolean holds, String problem) {
        if (!holds) {
            throw new BadFile(file, problem);
        }
    }
}
