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
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void readsBackWhatItWrote() throws IOException {
        Path file = folder.resolve("a.safetensors");
        ByteBuffer floats = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 6; i++) {
            floats.putFloat(4 * i, i + 0.5f);
        }
        ByteBuffer scalar =
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0, Math.PI);
        Safetensors.write(
                file,
                List.of(
                        new NamedArray("b", ArrayType.F32, new long[] {2, 3}, floats),
                        new NamedArray("a", ArrayType.F64, new long[0], scalar),
                        new NamedArray("none", ArrayType.I64, new long[] {0, 4}, ByteBuffer.allocate(0))),
                Map.of("format", "pt"));
        Safetensors read = Safetensors.open(file);
        assertEquals(Set.of("a", "b", "none"), read.names());
        assertEquals(Map.of("format", "pt"), read.metadata());
        assertArrayEquals(
                new float[] {0.5f, 1.5f, 2.5f, 3.5f, 4.5f, 5.5f}, read.get("b").floats());
        assertArrayEquals(new long[] {2, 3}, read.get("b").shape());
        assertArrayEquals(new double[] {Math.PI}, read.get("a").doubles());
        assertEquals(0, read.get("none").longs().length);
        String missing =
                assertThrows(NoSuchElementException.class, () -> read.get("c")).getMessage();
        assertTrue(missing.contains("a.safetensors") && missing.contains("'c'"), missing);
        String type = assertThrows(
                        IllegalArgumentException.class, () -> read.get("b").longs())
                .getMessage();
        assertEquals("array 'b' holds F32 but I64 is needed", type);
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList(), "no temporary file is left");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}  | 'a' of 8 bytes lies at [0,4]
            {"a":{"dtype":"F32","shape":[9],"data_offsets":[0,36]}} | cut short
            {"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}} | 'a' of 4 bytes
            {"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}  | unknown type F31
            {"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}} | impossible shape
            {"a":{"dtype":"F32","shape":[1]}}                       | lacks
            {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}} | overlap
            {"a":                                                   | no JSON
            """)
    void namesWhatIsWrongWithAHeader(String header, String problem) throws IOException {
        Path file = folder.resolve("bad.safetensors");
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, bytes.putLong(json.length).put(json).array());
        assertNames(file, problem);
    }

    @Test
    void namesWhatIsNoSafetensorsFileAtAll() throws IOException {
        Path file = folder.resolve("bad.safetensors");
        Files.write(file, new byte[3]);
        assertNames(file, "too few");
        Files.write(file, "PK a zip archive".getBytes(StandardCharsets.UTF_8));
        assertNames(file, "no safetensors file");
    }

    private static void assertNames(Path file, String problem) {
        String message =
                assertThrows(BadFile.class, () -> Safetensors.open(file)).getMessage();
        assertTrue(message.startsWith(file + ": ") && message.contains(problem), message);
    }
}
