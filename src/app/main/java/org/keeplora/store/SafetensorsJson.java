package org.keeplora.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.keeplora.store.SafetensorsHeader.Span;

/**
 * Reads a safetensors header token by token, so it keeps only the requested data in memory. Refuses what the reference
 * implementation refuses, and duplicate keys, which the format forbids.
 */
final class SafetensorsJson {
    /** Limit for arrays, and for entries of metadata. The largest checkpoints have about 100,000 arrays. */
    private static final int MOST_ENTRIES = 1_000_000;

    private static final int MOST_DIMENSIONS = 64;
    private static final int CHUNK = 8192;

    private final Path file;
    private final byte[] json;
    private final SortedMap<String, String> metadata = new TreeMap<>();
    private final List<Map.Entry<String, Span>> spans = new ArrayList<>();

    SafetensorsJson(Path file, byte[] json) {
        this.file = file;
        this.json = json;
    }

    SortedMap<String, String> metadata() {
        return metadata;
    }

    /** Place of each array, in the order of the header. */
    List<Map.Entry<String, Span>> spans() {
        return spans;
    }

    /** @throws BadFile naming the array, and the offset if known */
    SafetensorsJson read() {
        require(json[0] == '{', "header is not a JSON object");
        require(json[1] != 0 && isUtf8(), "header is not UTF-8");
        try (JsonParser parser = JsonFile.STRICT.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = text(parser.currentName());
                parser.nextToken();
                if (name.equals(SafetensorsHeader.METADATA)) {
                    readMetadata(parser);
                } else {
                    spans.add(Map.entry(name, span(name, parser)));
                }
                require(spans.size() <= MOST_ENTRIES, "header lists more than %d arrays", MOST_ENTRIES);
            }
            require(parser.nextToken() == null, "header continues after its JSON object");
            return this;
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at byte "
                            + (SafetensorsHeader.LENGTH_BYTES + e.getLocation().getByteOffset());
            throw bad("header is not valid JSON" + where + ": " + JsonFile.reason(e), e);
        } catch (IOException e) {
            throw bad("header is not valid JSON: " + e.getMessage(), e);
        }
    }

    private boolean isUtf8() {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.wrap(json);
        CharBuffer chars = CharBuffer.allocate(CHUNK);
        CoderResult result;
        do {
            result = decoder.decode(bytes, chars.clear(), true);
        } while (result.isOverflow());
        return !result.isError();
    }

    /** JSON can express an unpaired surrogate, which UTF-8 cannot. */
    private String text(String text) {
        require(
                text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE),
                "header: \"%s\" holds half of a surrogate pair",
                text);
        return text;
    }

    private void readMetadata(JsonParser parser) throws IOException {
        require(
                parser.currentToken() == JsonToken.START_OBJECT,
                "header: %s is not an object of strings",
                SafetensorsHeader.METADATA);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = text(parser.currentName());
            require(
                    parser.nextToken() == JsonToken.VALUE_STRING,
                    "header: %s.%s is not a string",
                    SafetensorsHeader.METADATA,
                    key);
            metadata.put(key, text(parser.getText()));
            require(metadata.size() <= MOST_ENTRIES, "header holds more than %d metadata entries", MOST_ENTRIES);
        }
    }

    private Span span(String name, JsonParser parser) throws IOException {
        require(parser.currentToken() == JsonToken.START_OBJECT, "array %s: its header entry is not an object", name);
        String dtype = "";
        long[] shape = null;
        long[] offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "dtype" -> dtype = parser.getValueAsString("");
                case "shape" -> shape = counts(name, key, parser);
                case "data_offsets" -> offsets = counts(name, key, parser);
                default -> {}
            }
            parser.skipChildren();
        }
        ElementFormat format = format(name, dtype);
        require(shape != null, "array %s: shape is missing", name);
        require(offsets != null, "array %s: data_offsets is missing", name);
        require(
                offsets.length == 2 && offsets[0] <= offsets[1],
                "array %s: data_offsets %s are not [begin, end]",
                name,
                Arrays.toString(offsets));
        requireRoom(name, format, shape, offsets);
        return new Span(format, shape, offsets[0], offsets[1]);
    }

    private void requireRoom(String name, ElementFormat format, long[] shape, long[] offsets) {
        long needed;
        try {
            needed = Math.multiplyExact(NamedArray.elements(shape), format.bytes());
        } catch (ArithmeticException e) {
            throw bad("array " + name + ": shape " + Arrays.toString(shape) + " is too large", e);
        }
        require(
                offsets[1] - offsets[0] == needed,
                "array %s: shape %s of %s needs %d bytes but data_offsets %s hold %d",
                name,
                Arrays.toString(shape),
                format,
                needed,
                Arrays.toString(offsets),
                offsets[1] - offsets[0]);
    }

    private ElementFormat format(String name, String dtype) {
        return Arrays.stream(ElementFormat.values())
                .filter(format -> format.name().equals(dtype))
                .findFirst()
                .orElseThrow(() -> bad(
                        "array " + name + ": dtype '" + dtype + "' is not one of "
                                + Arrays.toString(ElementFormat.values()),
                        null));
    }

    private long[] counts(String name, String key, JsonParser parser) throws IOException {
        require(parser.currentToken() == JsonToken.START_ARRAY, "array %s: %s is not a list", name, key);
        long[] counts = new long[MOST_DIMENSIONS];
        int length = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            boolean whole = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
            require(
                    whole && parser.getLongValue() >= 0,
                    "array %s: %s holds %s, not a count",
                    name,
                    key,
                    parser.getText());
            require(length < MOST_DIMENSIONS, "array %s: %s has more than %d numbers", name, key, MOST_DIMENSIONS);
            counts[length++] = parser.getLongValue();
        }
        return Arrays.copyOf(counts, length);
    }

    private void require(boolean holds, String problem, Object... values) {
        if (!holds) {
            throw bad(String.format(Locale.ROOT, problem, values), null);
        }
    }

    private BadFile bad(String problem, Exception cause) {
        return new BadFile(file, problem + SafetensorsHeader.ADVICE, cause);
    }
}
