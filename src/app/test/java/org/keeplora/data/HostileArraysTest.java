package org.keeplora.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.store.BadFile;
import org.keeplora.testing.Refused;

/** Idx files and pickles of arrays that claim more than they hold, or unpack to an enormous size. */
final class HostileArraysTest {
    private static final int MEGA = 1 << 20;

    @TempDir
    Path folder;

    static Stream<Arguments> idx() {
        return Stream.of(
                Arguments.of("negative", ints(0x803, -1, 1, 1), "offset 4: size -1 is not possible"),
                Arguments.of("none", ints(0x803, 0, 1, 1), "offset 4: size 0 is not possible"),
                Arguments.of("product of two negatives", ints(0x803, 1, -2, -2), "offset 8: size -2 is not possible"),
                Arguments.of("beyond 2^31", ints(0x803, 65536, 65536, 1), "offset 8: size 65536 is not possible"),
                Arguments.of(
                        "beyond 2^63",
                        ints(0x803, 0x7fffffff, 0x7fffffff, 0x7fffffff),
                        "offset 4: size 2147483647 is not possible"),
                Arguments.of(
                        "512 MiB and one",
                        ints(0x803, 1, (512 << 20) + 1, 1),
                        "offset 8: size 536870913 is not possible"),
                Arguments.of(
                        "512 MiB promised, none there",
                        ints(0x803, 512, MEGA, 1),
                        "offset 16: header promises [512, 1048576, 1] = 536870912 values, found 0"),
                Arguments.of(
                        "one value too many",
                        Arrays.copyOf(ints(0x803, 1, 1, 1), 18),
                        "offset 16: header promises [1, 1, 1] = 1 values, found more"),
                Arguments.of(
                        "signed bytes",
                        ints(0x903, 1, 1, 1),
                        "offset 0: expected an idx header of 16 bytes that starts with 0x00000803, found 0x00000903"),
                Arguments.of(
                        "cut header",
                        Arrays.copyOf(ints(0x803, 1, 1, 1), 15),
                        "offset 0: expected an idx header of 16 bytes that starts with 0x00000803, found 0x00000803"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("idx")
    void idxIsRefused(String what, byte[] content, String message) throws IOException {
        Files.write(folder.resolve("a"), content);
        String line = ": not a valid idx file, " + message + "; download it again";
        Refused.with(DatasetException.class, folder, "#/a" + line, () -> IdxArray.read(folder.resolve("a"), 3));
        Files.delete(folder.resolve("a"));
        Files.write(folder.resolve("a.gz"), zipped(content, 0));
        Refused.with(DatasetException.class, folder, "#/a.gz" + line, () -> IdxArray.read(folder.resolve("a"), 3));
    }

    /** 64 MiB of zeros in 64 kB: reading ends where the header says. */
    @Test
    void zippedBombIsNotUnpacked() throws IOException {
        Files.write(folder.resolve("a.gz"), zipped(ints(0x803, 1, 1, 1), 64));
        Refused.with(
                DatasetException.class,
                folder,
                "#/a.gz: not a valid idx file, offset 16: header promises [1, 1, 1] = 1 values, found more; download it again",
                () -> IdxArray.read(folder.resolve("a"), 3));
    }

    @Test
    void zippedFileCutShort() throws IOException {
        byte[] whole = zipped(ints(0x803, 1, 1, 1), 1);
        Files.write(folder.resolve("a.gz"), Arrays.copyOf(whole, 12));
        Refused.with(
                DatasetException.class,
                folder,
                "#/a.gz: cannot be read (cut short); check permissions or download it again",
                () -> IdxArray.read(folder.resolve("a"), 3));
    }

    @Test
    void imagesBeyondAnyDecoder() throws IOException {
        Path raw = Files.createDirectories(folder.resolve("raw"));
        for (String half : new String[] {"train", "t10k"}) {
            try (var file = new RandomAccessFile(
                    raw.resolve(half + "-images-idx3-ubyte").toFile(), "rw")) {
                file.write(ints(0x803, 1, 10_000, 10_000));
                file.setLength(16 + 100_000_000);
            }
            Files.write(raw.resolve(half + "-labels-idx1-ubyte"), Arrays.copyOf(ints(0x801, 1), 9));
        }
        Refused.with(
                DatasetException.class,
                folder,
                "#/raw/train-images-idx3-ubyte: images of 10000 x 10000 pixels, more than 89478485 each; download it again",
                () -> new IdxFiles("raw", ClassTable.load("mnist")).read(folder, (n, seed) -> new int[n]));
    }

    @Test
    void filesBeyondTheirLimitAreNotRead() throws IOException {
        try (var file = new RandomAccessFile(folder.resolve("a").toFile(), "rw")) {
            file.setLength(1L << 33);
        }
        String message = "#/a: has 8589934592 bytes, but such a file has at most %d; is it the right one?";
        Path file = folder.resolve("a");
        Refused.with(
                BadFile.class, folder, String.format(Locale.ROOT, message, 64 * MEGA), () -> MatlabFile.read(file));
        Refused.with(
                BadFile.class,
                folder,
                String.format(Locale.ROOT, message, 512 * MEGA),
                () -> PickledDictionary.read(file));
        Refused.with(BadFile.class, folder, String.format(Locale.ROOT, message, 64 * MEGA), () -> TextLine.of(file));
        Refused.with(BadFile.class, folder, String.format(Locale.ROOT, message, 128 * MEGA), () -> CsvTable.read(file));
        Refused.with(
                BadFile.class,
                folder,
                String.format(Locale.ROOT, message, 256 * MEGA),
                () -> ImageDecoder.decode(file));
        Refused.with(BadFile.class, folder, "#: not a file; correct the path", () -> TextLine.of(folder));
    }

    static Stream<Arguments> pickles() {
        String start = "}U\u0004data"
                + "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\u0000\u0085U\u0001b\u0087R(K\u0001";
        String type = "cnumpy\ndtype\nU\u0002u1K\u0000K\u0001\u0087R";
        return Stream.of(
                Arguments.of("no array", "}U\u0004dataK\u0001s.", "\"data\" is missing or not an array"),
                Arguments.of(
                        "two negatives",
                        start + "J\u00fe\u00ff\u00ff\u00ffJ\u00fd\u00ff\u00ff\u00ff\u0086" + type
                                + "\u0089U\u0006abcdeftbs.",
                        "data is an array with a size of -2 but 6 bytes"),
                Arguments.of(
                        "size of text",
                        start + "U\u0001a\u0085" + type + "\u0089U\u0001atbs.",
                        "data is an array with a size of a but 1 bytes"),
                Arguments.of(
                        "size of 2^62",
                        start + "\u008a\u0008\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0040\u0085" + type
                                + "\u0089U\u0001atbs.",
                        "data is an array with a size of 4611686018427387904 but 1 bytes"),
                Arguments.of(
                        "no sizes",
                        start + ")" + type + "\u0089U\u0001atbs.",
                        "data is an array of shape [] but 1 bytes"),
                Arguments.of(
                        "type of nothing",
                        start + "K\u0001\u0085cnumpy\ndtype\n)R\u0089U\u0001atbs.",
                        "\"data\" is missing or not an array"),
                Arguments.of(
                        "type that holds itself",
                        start + "K\u0001\u0085cnumpy\ndtype\n]q\u0000h\u0000a\u0085R\u0089U\u0001atbs.",
                        "data holds a list where text should be"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pickles")
    void pickledArrayIsRefused(String what, String pickle, String message) throws IOException {
        Path file = Files.write(folder.resolve("a"), pickle.getBytes(StandardCharsets.ISO_8859_1));
        Refused.with(
                DatasetException.class,
                folder,
                "#/a: " + message + "; unpack the data set again",
                () -> PickledDictionary.read(file).bytes("data"));
    }

    @Test
    void numbersThatAreNone() throws IOException {
        String loop = "}U\u0001n]q\u0000h\u0000a]h\u0000aas.";
        for (String pickle : new String[] {loop, "}U\u0001n](\u008a\u0005\u0000\u0000\u0000\u0000\u0001es."}) {
            Path file = Files.write(folder.resolve("a"), pickle.getBytes(StandardCharsets.ISO_8859_1));
            Refused.with(
                    DatasetException.class,
                    folder,
                    "#/a: n holds " + (pickle.equals(loop) ? "a list" : "4294967296")
                            + " where a number should be; unpack the data set again",
                    () -> PickledDictionary.read(file).integers("n"));
        }
    }

    private static byte[] ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        Arrays.stream(values).forEach(bytes::putInt);
        return bytes.array();
    }

    /** Gzip of {@code content} followed by {@code zeros} MiB of zeros. */
    private static byte[] zipped(byte[] content, int zeros) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes, 1 << 16)) {
            out.write(content);
            for (int i = 0; i < zeros; i++) {
                out.write(new byte[MEGA]);
            }
        }
        return bytes.toByteArray();
    }
}
