package org.keeplora.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.testing.MainsLocale;
import org.keeplora.testing.Refused;

/**
 * Safetensors files that the reference implementation refuses are refused too, each with a known line; and files beyond
 * 2 GiB.
 */
@ExtendWith(MainsLocale.class)
final class HostileSafetensorsTest {
    private static final String AGAIN = "; fetch the file again";
    private static final String DTYPES = "[BOOL, U8, I8, I16, F16, BF16, I32, F32, F64, I64]";

    @TempDir
    Path folder;

    /** Header, then bytes of data, then the message; the reference's name for the refusal is beside each. */
    static Stream<Arguments> headers() {
        return Stream.of(
                // InvalidHeader
                bad("{\"\u00ff\":1}", 0, "header is not UTF-8"),
                bad("{\u0000", 0, "header is not UTF-8"),
                // InvalidHeaderStart
                bad(" {}", 0, "header is not a JSON object"),
                bad("[]", 0, "header is not a JSON object"),
                bad("\"a\"", 0, "header is not a JSON object"),
                // InvalidHeaderDeserialization
                bad(
                        "{\"a\"",
                        0,
                        "header is not valid JSON at byte 12: Unexpected end-of-input within/between Object entries"),
                bad(
                        "{}x",
                        0,
                        "header is not valid JSON at byte 10: Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"),
                bad("{} {}", 0, "header continues after its JSON object"),
                bad("{\"a\":NaN}", 0, "header is not valid JSON at byte 16: Non-standard token 'NaN'"),
                bad("{\"a\":1,\"a\":2}", 0, "array a: its header entry is not an object"),
                bad(
                        one("\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]"),
                        1,
                        "header is not valid JSON at byte 34: Duplicate field 'dtype'"),
                bad(
                        "{\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}",
                        0,
                        "array a: its header entry is not an object"),
                bad(
                        one("\"x\":" + "[".repeat(1000) + "]".repeat(1000)),
                        0,
                        "header is not valid JSON: Document nesting depth (65) exceeds the maximum allowed (64)"),
                bad(
                        "{\"\\ud800\":{}}",
                        0,
                        "header is not valid JSON at byte 17: Invalid UTF-8: Illegal surrogate character 0xd800"),
                bad("{\"__metadata__\":{\"k\":\"\\udc00\"}}", 0, "header: \"\\udc00\" holds half of a surrogate pair"),
                bad("{\"__metadata__\":[]}", 0, "header: __metadata__ is not an object of strings"),
                bad("{\"__metadata__\":{\"k\":{}}}", 0, "header: __metadata__.k is not a string"),
                bad("{\"a\":3}", 0, "array a: its header entry is not an object"),
                bad("{\"a\\nb\":3}", 0, "array a\\u000ab: its header entry is not an object"),
                bad(one("\"shape\":[1],\"data_offsets\":[0,1]"), 1, "array a: dtype '' is not one of " + DTYPES),
                bad(
                        one("\"dtype\":{\"U8\":1},\"shape\":[1],\"data_offsets\":[0,1]"),
                        1,
                        "array a: dtype '' is not one of " + DTYPES),
                bad(
                        one("\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,1]"),
                        1,
                        "array a: dtype 'F8_E4M3' is not one of " + DTYPES),
                bad(one("\"dtype\":\"U8\",\"data_offsets\":[0,1]"), 1, "array a: shape is missing"),
                bad(one("\"dtype\":\"U8\",\"shape\":[1]"), 1, "array a: data_offsets is missing"),
                bad(one("\"dtype\":\"U8\",\"shape\":1,\"data_offsets\":[0,1]"), 1, "array a: shape is not a list"),
                bad(u8("[-1]", "[0,1]"), 1, "array a: shape holds -1, not a count"),
                bad(u8("[1.0]", "[0,1]"), 1, "array a: shape holds 1.0, not a count"),
                bad(u8("[1e0]", "[0,1]"), 1, "array a: shape holds 1e0, not a count"),
                bad(u8("[\"1\"]", "[0,1]"), 1, "array a: shape holds 1, not a count"),
                bad(u8("[null]", "[0,1]"), 1, "array a: shape holds null, not a count"),
                bad(u8("[9223372036854775808]", "[0,1]"), 1, "array a: shape holds 9223372036854775808, not a count"),
                bad(
                        u8("[1]", "[0,18446744073709551616]"),
                        1,
                        "array a: data_offsets holds 18446744073709551616, not a count"),
                bad(u8("[" + "1,".repeat(64) + "1]", "[0,1]"), 1, "array a: shape has more than 64 numbers"),
                // InvalidOffset
                bad(u8("[1]", "[0]"), 1, "array a: data_offsets [0] are not [begin, end]"),
                bad(u8("[1]", "[0,1,2]"), 1, "array a: data_offsets [0, 1, 2] are not [begin, end]"),
                bad(u8("[1]", "[1,0]"), 1, "array a: data_offsets [1, 0] are not [begin, end]"),
                bad(
                        u8("[1]", "[1,2]"),
                        2,
                        "array a: data begins at offset 1 but the array before it ends at 0; arrays must neither overlap nor leave gaps"),
                bad(
                        two("[0,2]", "[1,3]"),
                        3,
                        "array b: data begins at offset 1 but the array before it ends at 2; arrays must neither overlap nor leave gaps"),
                bad(
                        two("[0,2]", "[3,5]"),
                        5,
                        "array b: data begins at offset 3 but the array before it ends at 2; arrays must neither overlap nor leave gaps"),
                // TensorInvalidInfo
                bad(u8("[2]", "[0,1]"), 1, "array a: shape [2] of U8 needs 2 bytes but data_offsets [0, 1] hold 1"),
                bad(u8("[]", "[0,0]"), 0, "array a: shape [] of U8 needs 1 bytes but data_offsets [0, 0] hold 0"),
                bad(u8("[0]", "[0,1]"), 1, "array a: shape [0] of U8 needs 0 bytes but data_offsets [0, 1] hold 1"),
                // ValidationOverflow
                bad(u8("[4294967296,4294967296]", "[0,0]"), 0, "array a: shape [4294967296, 4294967296] is too large"),
                bad(
                        u8("[9223372036854775807]", "[0,1]").replace("U8", "F64"),
                        1,
                        "array a: shape [9223372036854775807] is too large"),
                // MetadataIncompleteBuffer
                bad(
                        u8("[8]", "[0,8]"),
                        4,
                        "array a: data ends at offset 8 but the file holds 4 bytes of data; it is cut short"),
                bad(u8("[3]", "[0,3]"), 4, "the arrays end at offset 3 but the file holds 4 bytes of data"),
                bad("{}", 1, "the arrays end at offset 0 but the file holds 1 bytes of data"));
    }

    private static Arguments bad(String json, int data, String message) {
        return Arguments.of(json, data, message);
    }

    private static String one(String entry) {
        return "{\"a\":{" + entry + "}}";
    }

    private static String u8(String shape, String offsets) {
        return one(String.format(Locale.ROOT, "\"dtype\":\"U8\",\"shape\":%s,\"data_offsets\":%s", shape, offsets));
    }

    private static String two(String a, String b) {
        String entry = "{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":%s}";
        return "{\"a\":" + String.format(Locale.ROOT, entry, a) + ",\"b\":" + String.format(Locale.ROOT, entry, b)
                + "}";
    }

    @ParameterizedTest
    @MethodSource("headers")
    void headerIsRefused(String json, int data, String message) throws IOException {
        byte[] header = json.getBytes(StandardCharsets.ISO_8859_1);
        Path file = write(header.length, header, data);
        Refused.with(BadFile.class, folder, "#/a: " + message + AGAIN, () -> Safetensors.open(file));
    }

    static Stream<Arguments> lengths() {
        return Stream.of(
                // HeaderTooLarge
                Arguments.of(
                        100_000_001L,
                        "bytes 0 to 7 give a header of 100000001 bytes, but at most 100000000 are allowed: not a safetensors file"),
                Arguments.of(
                        -1L,
                        "bytes 0 to 7 give a header of 18446744073709551615 bytes, but at most 100000000 are allowed: not a safetensors file"),
                Arguments.of(
                        Long.MIN_VALUE,
                        "bytes 0 to 7 give a header of 9223372036854775808 bytes, but at most 100000000 are allowed: not a safetensors file"),
                // InvalidHeaderLength
                Arguments.of(
                        3L,
                        "bytes 0 to 7 give a header of 3 bytes but the file has 10: not a safetensors file, or cut short"),
                Arguments.of(
                        0L,
                        "bytes 0 to 7 give a header of 0 bytes but the file has 10: not a safetensors file, or cut short"));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void headerLengthIsRefused(long length, String message) throws IOException {
        Path file = write(length, "{}".getBytes(StandardCharsets.UTF_8), 0);
        Refused.with(BadFile.class, folder, "#/a: " + message + AGAIN, () -> Safetensors.open(file));
    }

    @Test
    void cutAtAnyByteIsRefused() throws IOException {
        byte[] header = u8("[4]", "[0,4]").getBytes(StandardCharsets.UTF_8);
        byte[] whole = Files.readAllBytes(write(header.length, header, 4));
        for (int length = 0; length < whole.length; length++) {
            Path file = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, length));
            String message = length < 8
                    ? length + " bytes are too few for a safetensors file"
                    : length < 8 + header.length
                            ? "bytes 0 to 7 give a header of " + header.length + " bytes but the file has " + length
                                    + ": not a safetensors file, or cut short"
                            : "array a: data ends at offset 4 but the file holds " + (length - 8 - header.length)
                                    + " bytes of data; it is cut short";
            Refused.with(BadFile.class, folder, "#/cut: " + message + AGAIN, () -> Safetensors.open(file));
        }
    }

    /**
     * Accepted by the reference: no arrays, single values, arrays of no elements anywhere, keys of later versions,
     * trailing spaces.
     */
    @Test
    void oddButRightFilesAreRead() throws IOException {
        byte[] header = ("{\"s\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]},\"e\":{\"dtype\":\"F64\","
                        + "\"shape\":[3,0],\"data_offsets\":[1,1],\"later\":[{}]},\"é\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[1,2]}}   ")
                .getBytes(StandardCharsets.UTF_8);
        Safetensors read = Safetensors.open(write(header.length, header, 2));
        assertEquals("[s, e, é]", read.names().toString());
        assertEquals(0, read.get("e").data().limit());
        assertArrayEquals(new long[0], read.shape("s"));
        byte[] nothing = "{}".getBytes(StandardCharsets.UTF_8);
        assertTrue(Safetensors.open(write(2, nothing, 0)).names().isEmpty());
    }

    /**
     * 6 GiB by length, a few kilobytes on disk: arrays beyond the first 2 GiB are mapped; an array of 2 GiB or more is
     * refused by name.
     */
    @Test
    void filesBeyondTwoGibibytesAreMapped() throws IOException {
        long gib = 1L << 30;
        String json = String.format(
                Locale.ROOT,
                "{\"large\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]},\"beyond\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%d,%d]},\"last\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%d,%d]}}",
                gib,
                4 * gib,
                4 * gib,
                4 * gib + 8,
                2 * gib - 1,
                4 * gib + 8,
                6 * gib + 7);
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        Path file = write(header.length, header, 0);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer two = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(1.5f)
                    .putFloat(-2)
                    .flip();
            channel.write(two, 8 + header.length + 4 * gib);
            channel.write(ByteBuffer.wrap(new byte[] {7}), 8 + header.length + 6 * gib + 6);
        }
        Safetensors read = Safetensors.open(file);
        assertArrayEquals(new float[] {1.5f, -2}, read.get("beyond").toFloats());
        ByteBuffer last = read.get("last").data();
        assertEquals(Integer.MAX_VALUE, last.limit());
        assertEquals(7, last.get(last.limit() - 1));
        assertArrayEquals(new long[] {gib}, read.shape("large"));
        Refused.with(
                BadFile.class,
                folder,
                "#/a: array large has 4294967296 bytes; arrays of 2 GiB or more cannot be read, save it in several parts",
                () -> read.get("large"));
    }

    private Path write(long length, byte[] header, int dataBytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        return Files.write(
                folder.resolve("a"), bytes.putLong(length).put(header).array());
    }
}
