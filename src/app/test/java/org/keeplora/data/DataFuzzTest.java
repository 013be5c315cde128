package org.keeplora.data;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.IIOException;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.store.BadFile;
import org.keeplora.testing.Fuzzed;

/** The parsers of data under arbitrary input; {@code src/app/test/fuzz.sh} fuzzes, the build runs the seeds. */
final class DataFuzzTest {
    /** A limit that keeps each input fast; larger images only take longer. */
    private static final long PIXELS = 1 << 16;

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static Stream<byte[]> idxFiles() {
        return Stream.of(
                latin("\0\0\u0008\3\0\0\0\1\0\0\0\2\0\0\0\1ab"),
                latin("\0\0\u0008\3\u007f\u00ff\u00ff\u00ff\0\0\0\2\0\0\0\1"));
    }

    @MethodSource("idxFiles")
    @FuzzTest
    void idx(byte[] content) throws Throwable {
        Path file = Fuzzed.file("a-idx", content);
        Fuzzed.readOrRefused(() -> IdxArray.read(file, 3), DatasetException.class);
    }

    static Stream<byte[]> matlabFiles() {
        byte[] numbers = HostileMatlabTest.array(6, 0, "labels", new int[] {1, 2}, latin("\2\0\2\0ab\0\0"));
        byte[] letters = HostileMatlabTest.array(4, 0, "", new int[] {1, 2}, latin("\20\0\2\0ab\0\0"));
        byte[] cells = HostileMatlabTest.array(1, 0, "class_names", new int[] {1, 1}, letters);
        return Stream.of(
                HostileMatlabTest.mat(numbers),
                HostileMatlabTest.mat(cells),
                HostileMatlabTest.mat(HostileMatlabTest.array(
                        2,
                        0,
                        "annotations",
                        new int[] {1, 1},
                        latin("\5\0\4\0\6\0\0\0\1\0\0\0\14\0\0\0fname\0class\0\0\0\0\0"))));
    }

    @MethodSource("matlabFiles")
    @FuzzTest
    void matlab(byte[] content) throws Throwable {
        Path file = Fuzzed.file("a.mat", content);
        Fuzzed.readOrRefused(
                () -> {
                    MatlabFile read = MatlabFile.read(file);
                    Fuzzed.readOrRefused(() -> read.integers("labels"), DatasetException.class);
                    Fuzzed.readOrRefused(() -> read.texts("class_names"), DatasetException.class);
                    Fuzzed.readOrRefused(read::annotations, DatasetException.class);
                },
                DatasetException.class);
    }

    static Stream<byte[]> dictionaries() {
        String array = "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\u0085U\1b\u0087R";
        String type = "cnumpy\ndtype\nU\2u1K\0K\1\u0087R";
        return Stream.of(
                latin("}(U\4data" + array + "(K\1K\1K\2\u0086" + type + "\u0089U\2abtbU\6labels](K\1K\2eu."),
                latin("}U\4data" + array + "(K\1)" + type + "\u0088U\0tbs."),
                latin("}U\6labels]q\0h\0as."));
    }

    @MethodSource("dictionaries")
    @FuzzTest
    void pickledDictionary(byte[] content) throws Throwable {
        Path file = Fuzzed.file("a.pickle", content);
        Fuzzed.readOrRefused(
                () -> {
                    PickledDictionary read = PickledDictionary.read(file);
                    Fuzzed.readOrRefused(() -> read.bytes("data"), DatasetException.class);
                    Fuzzed.readOrRefused(() -> read.integers("labels"), DatasetException.class);
                    Fuzzed.readOrRefused(() -> read.texts("labels"), DatasetException.class);
                },
                DatasetException.class,
                BadFile.class);
    }

    static Stream<byte[]> jpegs() {
        return Stream.of(HostileImagesTest.jpeg(8, 8, 3, 1), HostileImagesTest.jpeg(8, 8, 4, 101));
    }

    @MethodSource("jpegs")
    @FuzzTest
    void jpegLayout(byte[] content) throws Throwable {
        try {
            JpegLayout.of(content);
        } catch (IIOException e) {
            Fuzzed.requireLine(e.getMessage());
        }
    }

    static Stream<byte[]> images() {
        return Stream.concat(
                Stream.of("jpg", "png", "gif", "bmp", "tiff").map(HostileImagesTest::written),
                Stream.of(
                        OtherKindsTest.LOSSLESS_WEBP,
                        OtherKindsTest.ANIMATED_WEBP,
                        OtherKindsTest.CMYK_TIFF,
                        latin("P6 1 1 255\nabc"),
                        latin("P3\n#\n1 1 9\n1 2 3\n")));
    }

    @MethodSource("images")
    @FuzzTest
    void image(byte[] content) throws Throwable {
        decoded(content);
    }

    static Stream<byte[]> wholeJpegs() {
        return Stream.of(HostileImagesTest.written("jpg"));
    }

    /** Through OpenCV, which accepts a JPEG file only with its end marker. */
    @MethodSource("wholeJpegs")
    @FuzzTest
    void jpegImage(byte[] content) throws Throwable {
        byte[] ended = Arrays.copyOf(content, content.length + 4);
        ended[0] = (byte) 0xff;
        ended[1] = (byte) 0xd8;
        ended[ended.length - 2] = (byte) 0xff;
        ended[ended.length - 1] = (byte) 0xd9;
        decoded(ended);
    }

    /**
     * Any exception that {@link ImageDecoder#decode(Path)} turns into a one-line message is accepted; an Error is a
     * finding.
     */
    private static void decoded(byte[] content) {
        try {
            ImageDecoder.decode(content, PIXELS);
        } catch (IOException | RuntimeException e) {
            Fuzzed.requireLine(DatasetException.reason(e));
        }
    }

    static Stream<byte[]> tables() {
        return Stream.of(
                latin("split,path,class\ntrain,a/1.jpg,ape\ntest,a/2.jpg,\"fox, red\"\n"),
                latin("split,path,class\ntest,../a,b\n"));
    }

    @MethodSource("tables")
    @FuzzTest
    void csvTable(byte[] content) throws Throwable {
        Path file = Fuzzed.file("a.csv", content);
        Fuzzed.readOrRefused(() -> CsvTable.read(file), DatasetException.class);
    }

    static Stream<byte[]> jsonFiles() {
        return Stream.of(latin("{\"c\":[\"c/1\",\"c/2\"]}"), latin("{\"c\":[\"../1\",{}]}"));
    }

    @MethodSource("jsonFiles")
    @FuzzTest
    void jsonLists(byte[] content) throws Throwable {
        Path root = root("meta/train.json", content, "meta/test.json", latin("{\"c\":[\"1\"]}"));
        Fuzzed.readOrRefused(() -> new JsonLists("").read(root, (n, seed) -> new int[n]), DatasetException.class);
    }

    static Stream<byte[]> textFiles() {
        return Stream.of(
                latin("c/1\nc/2\n"), latin("1 0\n"), latin("a_1 1 1 1\n"), latin("/a/b/c 0"), latin("a\tb\na\tc"));
    }

    @MethodSource("textFiles")
    @FuzzTest
    void textLists(byte[] content) throws Throwable {
        Path root = root("labels/train1.txt", content, "labels/test1.txt", content);
        root("annotations/trainval.txt", content, "annotations/test.txt", content);
        root("categories_places365.txt", content, "places365_val.txt", content);
        root("ClassName.txt", content, "classes.tsv", content);
        SplitOrder order = (n, seed) -> new int[n];
        Fuzzed.readOrRefused(() -> new PathLists("").read(root, order), DatasetException.class);
        Fuzzed.readOrRefused(() -> new BreedLists("").read(root, order), DatasetException.class);
        Fuzzed.readOrRefused(() -> new SceneList("").read(root, order), DatasetException.class);
        Fuzzed.readOrRefused(() -> ClassTable.beside(root), DatasetException.class);
    }

    private static Path root(String first, byte[] content, String second, byte[] other) throws IOException {
        Path root = Fuzzed.file("root-marker", new byte[0]).resolveSibling("root");
        Files.createDirectories(root.resolve(first).getParent());
        Files.write(root.resolve(first), content);
        Files.write(root.resolve(second), other);
        return root;
    }
}
