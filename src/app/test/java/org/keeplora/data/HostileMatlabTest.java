package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.testing.Refused;

/** MATLAB files, made byte by byte, that claim more than they hold or unpack to an enormous size. */
final class HostileMatlabTest {
    private static final int MEGA = 1 << 20;

    @TempDir
    Path folder;

    static Stream<Arguments> matlab() {
        byte[] numbers = array(6, 0, "", new int[] {1, 2}, element(2, 7, 8));
        return Stream.of(
                Arguments.of("header only cut", Arrays.copyOf(mat(), 127), "it has only 127 bytes"),
                Arguments.of(
                        "cut",
                        Arrays.copyOf(mat(numbers), 128 + 20),
                        "offset 128: an element reaches beyond the one that contains it: cut short"),
                Arguments.of(
                        "2 GiB tag",
                        mat(ByteBuffer.allocate(8)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(14)
                                .putInt(0x7fffffff)
                                .array()),
                        "offset 128: an element reaches beyond the one that contains it: cut short"),
                Arguments.of(
                        "negative tag",
                        mat(ByteBuffer.allocate(8)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(14)
                                .putInt(-8)
                                .array()),
                        "offset 128: an element reaches beyond the one that contains it: cut short"),
                Arguments.of("unknown tag", mat(element(77, 1)), "offset 128: no element begins with 0x0000004d"),
                Arguments.of(
                        "number at the root",
                        mat(element(2, 1)),
                        "offset 128: element of type 2 where an array should be"),
                Arguments.of(
                        "2^31 numbers",
                        mat(array(6, 0, "", new int[] {1, 0x7fffffff}, element(2, 7))),
                        "offset 128: an array with a dimension of 2147483647"),
                Arguments.of(
                        "2^62 numbers",
                        mat(array(6, 0, "", new int[] {60_000_000, 60_000_000}, element(2, 7))),
                        "offset 128: an array with a dimension of 60000000"),
                Arguments.of(
                        "-1 numbers",
                        mat(array(6, 0, "", new int[] {1, -1}, element(2, 7))),
                        "offset 128: an array with a dimension of -1"),
                Arguments.of(
                        "fewer numbers",
                        mat(array(6, 0, "", new int[] {1, 3}, element(2, 7, 8))),
                        "offset 128: an array of 3 elements has 2 values"),
                Arguments.of(
                        "no imaginary part",
                        mat(array(6, 0x800, "", new int[] {1, 1}, element(2, 7))),
                        "offset 128: an element reaches beyond the one that contains it: cut short"),
                Arguments.of(
                        "50 million letters of none",
                        mat(array(4, 0, "", new int[] {1, 50_000_000}, element(4))),
                        "offset 128: an array of 50000000 elements has 0 values"),
                Arguments.of(
                        "50 million cells",
                        mat(array(1, 0, "", new int[] {50_000_000, 1}, new byte[0])),
                        "offset 128: an array of 50000000 elements in 0 bytes"),
                Arguments.of("nested cells", mat(nested(40)), "offset 128: arrays are nested deeper than 16 levels"),
                Arguments.of(
                        "struct of long names",
                        mat(array(2, 0, "", new int[] {1, 1}, join(ints32(5, 1000), element(1, 65)))),
                        "offset 128: names of 1000 letters in 1 bytes"),
                Arguments.of(
                        "struct of many fields",
                        mat(array(2, 0, "", new int[] {0, 0}, join(ints32(5, 1), element(1, new byte[2000])))),
                        "offset 128: a struct of 2000 fields; at most 1000 are read"),
                Arguments.of(
                        "function",
                        mat(array(16, 0, "", new int[] {1, 1}, numbers)),
                        "offset 128: an array of kind 16, which no data set has"),
                Arguments.of(
                        "more than it says",
                        mat(array(6, 0, "", new int[] {1, 1}, join(element(2, 7), element(2, 7)))),
                        "offset 128: 16 bytes too many in an array"),
                Arguments.of(
                        "packed damage",
                        mat(element(15, new byte[] {1, 2, 3})),
                        "offset 128: a compressed element is damaged (incorrect header check)"),
                Arguments.of(
                        "packed and cut",
                        mat(element(15, Arrays.copyOf(deflated(numbers), 12))),
                        "offset 128: a compressed element is cut short"),
                Arguments.of(
                        "packed bomb",
                        mat(element(15, deflated(new byte[70 * MEGA]))),
                        "offset 128: unpacks to more than 67108864 bytes"),
                Arguments.of(
                        "second element",
                        mat(join(numbers, element(2, 1))),
                        "offset 192: element of type 2 where an array should be"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("matlab")
    void matlabIsRefused(String what, byte[] content, String message) throws IOException {
        Path file = Files.write(folder.resolve("a"), content);
        Refused.with(
                DatasetException.class,
                folder,
                "#/a: not a valid MATLAB 5 file, " + message + "; download it again",
                () -> MatlabFile.read(file));
    }

    @Test
    void wholeMatlabFilesAreRead() throws IOException {
        byte[] numbers = array(6, 0, "labels", new int[] {1, 2}, element(2, 7, 8));
        for (byte[] content : new byte[][] {mat(numbers), mat(element(15, deflated(numbers)))}) {
            Path file = Files.write(folder.resolve("a"), content);
            assertEquals("[7, 8]", Arrays.toString(MatlabFile.read(file).integers("labels")));
        }
    }

    private static byte[] deflated(byte[] content) {
        Deflater deflater = new Deflater();
        deflater.setInput(content);
        deflater.finish();
        byte[] packed = new byte[content.length / 900 + 200];
        int length = deflater.deflate(packed);
        deflater.end();
        return Arrays.copyOf(packed, length);
    }

    /** A MATLAB file of the given root elements. */
    static byte[] mat(byte[]... elements) {
        ByteBuffer header = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
        header.put("MATLAB 5.0 MAT-file".getBytes(StandardCharsets.US_ASCII)).putShort(124, (short) 0x100);
        header.put(126, (byte) 'I').put(127, (byte) 'M');
        return join(header.array(), join(elements));
    }

    private static byte[] element(int type, int... content) {
        byte[] bytes = new byte[content.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) content[i];
        }
        return element(type, bytes);
    }

    /** Tag of 8 bytes, content, padding to 8 bytes; no padding after compressed data. */
    private static byte[] element(int type, byte[] content) {
        int padded = type == 15 ? content.length : (content.length + 7) / 8 * 8;
        return ByteBuffer.allocate(8 + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(type)
                .putInt(content.length)
                .put(content)
                .array();
    }

    private static byte[] ints32(int type, int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(bytes::putInt);
        return element(type, bytes.array());
    }

    static byte[] array(int kind, int flags, String name, int[] dimensions, byte[] content) {
        byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
        return element(14, join(ints32(6, kind | flags, 0), ints32(5, dimensions), element(1, letters), content));
    }

    private static byte[] nested(int levels) {
        byte[] content = array(6, 0, "", new int[] {1, 1}, element(2, 7));
        for (int level = 0; level < levels; level++) {
            content = array(1, 0, "", new int[] {1, 1}, content);
        }
        return content;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }
}
