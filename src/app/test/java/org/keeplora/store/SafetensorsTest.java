package org.keeplora.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.keeplora.testing.Shared;

@Tag("shared")
final class SafetensorsTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("arrays.safetensors");
    }

    @Test
    void arraysOfAllShapesComeBack() {
        Safetensors.write(
                file,
                List.of(
                        NamedArray.of("matrix", new long[] {2, 3}, new float[] {1, 2, 3, 4, 5, -0f}),
                        NamedArray.of("single", new long[] {}, new double[] {Math.PI}),
                        NamedArray.of("empty", new long[] {0, 7}, new float[0]),
                        NamedArray.of("ünï/ \"quoted\"", new long[] {2}, new long[] {Long.MIN_VALUE, 42})),
                Map.of("seed", "42"));
        Safetensors read = Safetensors.open(file);
        assertEquals(Set.of("matrix", "single", "empty", "ünï/ \"quoted\""), read.names());
        assertEquals(Map.of("seed", "42"), read.metadata());
        assertArrayEquals(new long[] {2, 3}, read.shape("matrix"));
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, -0f}, read.get("matrix").toFloats());
        assertArrayEquals(new double[] {Math.PI}, read.get("single").toDoubles());
        assertArrayEquals(new float[0], read.get("empty").toFloats());
        assertArrayEquals(
                new long[] {Long.MIN_VALUE, 42}, read.get("ünï/ \"quoted\"").toLongs());
        assertTrue(assertThrows(BadFile.class, () -> read.get("other"))
                .getMessage()
                .contains("other"));
        assertTrue(assertThrows(
                        IllegalArgumentException.class, () -> read.get("matrix").toLongs())
                .getMessage()
                .contains("matrix F32 [2, 3]"));
    }

    @ParameterizedTest
    @EnumSource
    void everyFormatKeepsItsBytes(ElementFormat format) {
        byte[] bytes = new byte[3 * format.bytes()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (format == ElementFormat.BOOL ? i & 1 : 17 * i + 5);
        }
        Safetensors.write(
                file, List.of(new NamedArray("a", format, new long[] {3, 1}, ByteBuffer.wrap(bytes))), Map.of());
        NamedArray read = Safetensors.open(file).get("a");
        assertEquals(format, read.format());
        byte[] back = new byte[bytes.length];
        read.data().get(back);
        assertArrayEquals(bytes, back);
    }

    @Test
    void theSameContentGivesTheSameAlignedBytesInAnyOrder() throws IOException {
        NamedArray bytes = new NamedArray("a", ElementFormat.U8, new long[] {3}, ByteBuffer.allocate(3));
        NamedArray floats = NamedArray.of("b", new long[] {1}, new float[] {1});
        NamedArray longs = NamedArray.of("c", new long[] {1}, new long[] {1});
        Safetensors.write(file, List.of(bytes, floats, longs), Map.of("y", "1", "x", "2"));
        byte[] first = Files.readAllBytes(file);
        Safetensors.write(file, List.of(longs, bytes, floats), Map.of("x", "2", "y", "1"));
        assertArrayEquals(first, Files.readAllBytes(file));
        assertEquals(
                0, ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong() % SafetensorsHeader.LENGTH_BYTES);
        assertEquals(
                List.of("c", "b", "a"),
                List.copyOf(Safetensors.open(file).names()),
                "widest first, so data is aligned");
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(file), left.toList(), "nothing temporary stays");
        }
    }

    @Test
    void rewritingAReferenceFileKeepsOrderTextAndData() {
        Safetensors golden = Safetensors.open(Shared.file("golden/clip-tiny.safetensors"));
        Safetensors.write(file, golden.names().stream().map(golden::get).toList(), golden.metadata());
        Safetensors copy = Safetensors.open(file);
        assertEquals(List.copyOf(golden.names()), List.copyOf(copy.names()));
        assertEquals(golden.metadata(), copy.metadata());
        for (String name : golden.names()) {
            assertArrayEquals(golden.shape(name), copy.shape(name), name);
            assertEquals(golden.get(name).data(), copy.get(name).data(), name);
        }
    }

    @Test
    void twoArraysOfOneNameAreRefusedAndNothingIsWritten() {
        NamedArray array = NamedArray.of("a", new long[] {1}, new float[] {1});
        assertThrows(IllegalArgumentException.class, () -> Safetensors.write(file, List.of(array, array), Map.of()));
        assertTrue(Files.notExists(file));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a"                                                                     | not valid JSON
            []                                                                       | not a JSON object
            {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{}}            | Duplicate field 'a'
            {"a":3}                                                                  | array a: its header entry
            {"a":{"shape":[1],"data_offsets":[0,4]}}                                 | array a: dtype '' is not one of
            {"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}               | array a: dtype 'F8_E4M3' is not one of
            {"a":{"dtype":"F32","data_offsets":[0,4]}}                               | array a: shape is missing
            {"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}                  | array a: shape holds -1
            {"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}                 | array a: shape holds 1.5
            {"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}                     | array a: data_offsets [0]
            {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}                   | array a: data_offsets [4, 0]
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}                   | needs 8 bytes but data_offsets [0, 4] hold 4
            {"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}} | array a: shape [4294967296, 4294967296] is too large
            {"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}                    | array a: data begins at offset 2 but the array before it ends at 0
            {"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}} | array b: data begins at offset 2 but the array before it ends at 3
            {"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}                    | array a: data ends at offset 8 but the file holds 4 bytes
            {"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}                    | the arrays end at offset 3 but the file holds 4 bytes
            {"__metadata__":{"x":1},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}} | __metadata__.x is not a string
            """)
    void aBadHeaderIsNamed(String json, String problem) throws IOException {
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        write(header.length, header, 4);
        BadFile failure = assertThrows(BadFile.class, () -> Safetensors.open(file));
        assertTrue(failure.getMessage().contains(problem), failure.getMessage());
        assertTrue(failure.getMessage().startsWith(file.toString()), failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"9, not a safetensors file", "-1, 18446744073709551615 bytes", "1, header of 1 bytes"})
    void aBadHeaderLengthIsNamed(long length, String problem) throws IOException {
        write(length, "{}".getBytes(StandardCharsets.UTF_8), 4);
        BadFile failure = assertThrows(BadFile.class, () -> Safetensors.open(file));
        assertTrue(failure.getMessage().contains(problem), failure.getMessage());
    }

    @Test
    void anAbsentShortOrChangedFileIsNamed() throws IOException {
        assertTrue(assertThrows(BadFile.class, () -> Safetensors.open(file))
                .getMessage()
                .contains("no such file"));
        Files.write(file, new byte[5]);
        assertTrue(assertThrows(BadFile.class, () -> Safetensors.open(file))
                .getMessage()
                .contains("5 bytes are too few"));
        Safetensors.write(file, List.of(NamedArray.of("a", new long[] {2}, new float[] {1, 2})), Map.of());
        Safetensors read = Safetensors.open(file);
        Files.write(file, new byte[5]);
        assertTrue(assertThrows(BadFile.class, () -> read.get("a")).getMessage().contains("while in use"));
    }

    private void write(long length, byte[] header, int dataBytes) throws IOException {
        Files.write(
                file,
                ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES + header.length + dataBytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(length)
                        .put(header)
                        .array());
    }
}
