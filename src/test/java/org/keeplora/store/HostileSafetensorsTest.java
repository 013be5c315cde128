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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.Refused;

/** What the reference implementation refuses of safetensors files, we refuse too, each in one known line; and files beyond 2 GiB. */
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
                bad("{\"a\"", 0, "?"),
                bad("{}x", 0, "?"),
                bad("{} {}", 0, "?"),
                bad("{\"a\":NaN}", 0, "?"),
                bad("{\"a\":1,\"a\":2}", 0, "?"),
                bad(one("\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]"), 1, "?"),
                bad("{\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}", 0, "?"),
                bad(one("\"x\":" + "[".repeat(1000) + "]".repeat(1000)), 0, "?"),
                bad("{\"\\ud800\":{}}", 0, "?"),
                bad("{\"__metadata__\":{\"k\":\"\\udc00\"}}", 0, "?"),
                bad("{\"__metadata__\":[]}", 0, "?"),
                bad("{\"__metadata__\":{\"k\":{}}}", 0, "?"),
                bad("{\"a\":3}", 0, "?"),
                bad("{\"a\\nb\":3}", 0, "?"),
                bad(one("\"shape\":[1],\"data_offsets\":[0,1]"), 1, "?"),
                bad(one("\"dtype\":{\"U8\":1},\"shape\":[1],\"data_offsets\":[0,1]"), 1, "?"),
                bad(one("\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,1]"), 1, "?"),
                bad(one("\"dtype\":\"U8\",\"data_offsets\":[0,1]"), 1, "?"),
                bad(one("\"dtype\":\"U8\",\"shape\":[1]"), 1, "?"),
                bad(one("\"dtype\":\"U8\",\"shape\":1,\"data_offsets\":[0,1]"), 1, "?"),
                bad(u8("[-1]", "[0,1]"), 1, "?"),
                bad(u8("[1.0]", "[0,1]"), 1, "?"),
                bad(u8("[1e0]", "[0,1]"), 1, "?"),
                bad(u8("[\"1\"]", "[0,1]"), 1, "?"),
                bad(u8("[null]", "[0,1]"), 1, "?"),
                bad(u8("[9223372036854775808]", "[0,1]"), 1, "?"),
                bad(u8("[1]", "[0,18446744073709551616]"), 1, "?"),
                bad(u8("[" + "1,".repeat(64) + "1]", "[0,1]"), 1, "?"),
                // InvalidOffset
                bad(u8("[1]", "[0]"), 1, "?"),
                bad(u8("[1]", "[0,1,2]"), 1, "?"),
                bad(u8("[1]", "[1,0]"), 1, "?"),
                bad(u8("[1]", "[1,2]"), 2, "?"),
                bad(two("[0,2]", "[1,3]"), 3, "?"),
                bad(two("[0,2]", "[3,5]"), 5, "?"),
                // TensorInvalidInfo
                bad(u8("[2]", "[0,1]"), 1, "?"),
                bad(u8("[]", "[0,0]"), 0, "?"),
                bad(u8("[0]", "[0,1]"), 1, "?"),
                // ValidationOverflow
                bad(u8("[4294967296,4294967296]", "[0,0]"), 0, "?"),
                bad(u8("[9223372036854775807]", "[0,1]").replace("U8", "F64"), 1, "?"),
                // MetadataIncompleteBuffer
                bad(u8("[8]", "[0,8]"), 4, "?"),
                bad(u8("[3]", "[0,3]"), 4, "?"),
                bad("{}", 1, "?"));
    }

    private static Arguments bad(String json, int data, String message) {
        return Arguments.of(json, data, message);
    }

    private static String one(String entry) {
        return "{\"a\":{" + entry + "}}";
    }

    private static String u8(String shape, String offsets) {
        return one("\"dtype\":\"U8\",\"shape\":%s,\"data_offsets\":%s".formatted(shape, offsets));
    }

    private static String two(String a, String b) {
        String entry = "{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":%s}";
        return "{\"a\":" + entry.formatted(a) + ",\"b\":" + entry.formatted(b) + "}";
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
                Arguments.of(100_000_001L, "?"),
                Arguments.of(-1L, "?"),
                Arguments.of(Long.MIN_VALUE, "?"),
                // InvalidHeaderLength
                Arguments.of(3L, "?"),
                Arguments.of(0L, "?"));
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
            Path file = Files.write(folder.resolve("cut"), java.util.Arrays.copyOf(whole, length));
            String message = length < 8
                    ? length + " bytes are too few for a safetensors file"
                    : length < 8 + header.length
                            ? "bytes 0 to 7 give a header of %d bytes but the file has %d: not a safetensors file, or cut short"
                                    .formatted(header.length, length)
                            : "array a: data ends at offset 4 but the file holds %d bytes of data; it is cut short"
                                    .formatted(length - 8 - header.length);
            Refused.with(BadFile.class, folder, "#/cut: " + message + AGAIN, () -> Safetensors.open(file));
        }
    }

    /** Allowed by the reference: no arrays, single values, arrays of no elements anywhere, keys of later versions, spaces after. */
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

    /** 6 GiB by length, some kilobytes on disk: arrays beyond the first 2 GiB are mapped; one of 2 GiB or more is refused by name. */
    @Test
    void filesBeyondTwoGibibytesAreMapped() throws IOException {
        long gib = 1L << 30;
        String json = "{\"large\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]},\"beyond\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%d,%d]},\"last\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%d,%d]}}"
                .formatted(gib, 4 * gib, 4 * gib, 4 * gib + 8, 2 * gib - 1, 4 * gib + 8, 6 * gib + 7);
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        Path file = write(header.length, header, 0);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer two = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(1.5f).putFloat(-2).flip();
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
        return Files.write(folder.resolve("a"), bytes.putLong(length).put(header).array());
    }
}
