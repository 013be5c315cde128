package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pickles written by hand, letter by letter: what is read, and that nothing else is. */
class PickleReaderTest {
    private static final String START = "\u0080\u0002";
    private static final String ARRAY = "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\u0085U\1b\u0087R";
    private static final String BYTES =
            "cnumpy\ndtype\nU\2u1K\0K\1\u0087R(K\3U\1|NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\0tb";

    @TempDir
    Path root;

    @BeforeEach
    void writeClassNames() throws IOException {
        write("meta", START + "}(U\u0010fine_label_names](U\5appleU\nmaple_treeeu.");
    }

    @Test
    void readsTextsNumbersListsAndWhatIsReferredTo() {
        Object value = read(START + "}q\1(U\1a]q\2(K\7M\1\2J\u00ff\u00ff\u00ff\u00ffeX\1\0\0\0bh\2U\1cN\u0088\u0086u.");

        assertTrue(value instanceof Map<?, ?>);
        Map<?, ?> entries = (Map<?, ?>) value;
        assertEquals(List.of(7, 513, -1), entries.get("a"));
        assertEquals(List.of(7, 513, -1), entries.get("b"));
        assertEquals(Arrays.asList(null, true), entries.get("c"));
    }

    @Test
    void readsByteStringsOfPythonThree() {
        Object value = read(START + "c_codecs\nencode\nX\2\0\0\0\u00c3\u00bfX\6\0\0\0latin1\u0086R.");

        assertEquals(ByteBuffer.wrap(new byte[] {(byte) 0xff}), value);
    }

    @Test
    void columnMajorArraysAreTurned() {
        String array = ARRAY + "(K\1K\2K\3\u0086" + BYTES + "%sU\6adbecftb.";

        assertArrayEquals("abcdef".getBytes(StandardCharsets.US_ASCII), arrayBytes(array.formatted("\u0088")));
        assertArrayEquals("adbecf".getBytes(StandardCharsets.US_ASCII), arrayBytes(array.formatted("\u0089")));
    }

    private static byte[] arrayBytes(String array) {
        return ((PickledArray) read(START + array)).bytes();
    }

    @Test
    void planesBecomePixels() throws IOException {
        byte[] planes = new byte[3072];
        for (int i = 0; i < 1024; i++) {
            planes[i] = (byte) i;
            planes[1024 + i] = (byte) (i / 32);
            planes[2048 + i] = (byte) 200;
        }
        write("train", batch(planes, 1));
        write("test", batch(planes, 0));

        Split split = batches();

        assertEquals(List.of("apple", "maple tree"), split.classNames());
        assertEquals(1, split.train().get(0).label());
        RgbImage image = split.test().get(0).image().read();
        assertArrayEquals(
                new int[] {69, 2, 200},
                new int[] {image.sample(5, 2, 0), image.sample(5, 2, 1), image.sample(5, 2, 2)});
    }

    @Test
    void refusesToNameACommand() {
        assertError("offset 2: global os.system is not allowed", START + "cos\nsystem\n(U\2lstR.");
    }

    @Test
    void refusesOtherOpcodes() {
        assertError("offset 4: opcode 0x93 is not allowed", START + "K\1\u0093.");
        assertError("offset 2: opcode 0x69 is not allowed", START + "ios\nsystem\n.");
        assertError("offset 0: pickle protocol 4, newest known is 3", "\u0080\4}.");
    }

    @Test
    void refusesOtherArrays() {
        assertError("array of \"f4\"", START + "cnumpy\ndtype\nU\2f4K\0K\1\u0087R.");
        assertError(
                "an array of shape [2, 3] but 1 bytes", START + ARRAY + "(K\1K\2K\3\u0086" + BYTES + "\u0089U\1atb.");
        assertError("an array of shape [1, 1, 1]", START + ARRAY + "(K\1K\1K\1K\1\u0087" + BYTES + "\u0089U\1atb.");
        assertError("numpy.ndarray is called", START + "cnumpy\nndarray\n)R.");
    }

    @Test
    void refusesDamage() {
        assertError("offset 3: the file is cut short", START + "}");
        assertError("a string of 9 bytes but 2 are left", START + "U\tab");
        assertError("a string of -1 bytes", START + "T\u00ff\u00ff\u00ff\u00ff.");
        assertError("refers to value 3, which was not stored", START + "h\3.");
        assertError("no start of the group that ends here", START + "t.");
        assertError("expected List but found Integer", START + "K\1K\2a.");
        assertError("a key without a value", START + "}(K\1u.");
        assertError("needs 1 values but there are 0", START + ".");
    }

    @Test
    void labelOutOfRange() throws IOException {
        write("train", batch(new byte[3072], 2));

        assertBatchError("train: fine label 2 of image 0 but meta names 2 classes (0..1); unpack the data set again");
    }

    @Test
    void pixelsAndLabelsDisagree() throws IOException {
        write("train", batch(new byte[3072], 0, 1));

        assertBatchError("train: data holds 3072 bytes but 2 labels need 6144; unpack the data set again");
    }

    @Test
    void missingFileOrEntry() throws IOException {
        assertBatchError("train: file not found; unpack the data set again");
        write("train", START + "}.");
        assertBatchError("train: \"fine_labels\" is not there or no list; unpack the data set again");
        write("train", START + "].");
        assertBatchError("train: the pickle holds no dictionary; unpack the data set again");
    }

    private static String batch(byte[] pixels, int... labels) {
        StringBuilder text = new StringBuilder(START + "}(U\4data" + ARRAY + "(K\1K\1M\0\f\u0086" + BYTES + "\u0089T");
        for (int shift = 0; shift < 32; shift += 8) {
            text.append((char) (pixels.length >> shift & 0xff));
        }
        text.append(new String(pixels, StandardCharsets.ISO_8859_1)).append("tbU\u000bfine_labels](");
        for (int label : labels) {
            text.append('K').append((char) label);
        }
        return text.append("eu.").toString();
    }

    private static Object read(String pickle) {
        return new PickleReader(Path.of("a.pickle"), ByteBuffer.wrap(pickle.getBytes(StandardCharsets.ISO_8859_1)))
                .read();
    }

    private void write(String name, String pickle) throws IOException {
        Path folder = Files.createDirectories(root.resolve("cifar"));
        Files.write(folder.resolve(name), pickle.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Split batches() {
        return new PickledBatches("cifar").read(root, (n, seed) -> new int[n]);
    }

    private void assertBatchError(String message) {
        var error = assertThrows(DatasetException.class, this::batches);
        assertEquals(root.resolve("cifar") + "/" + message, error.getMessage());
    }

    private static void assertError(String part, String pickle) {
        var error = assertThrows(DatasetException.class, () -> read(pickle));
        assertTrue(error.getMessage().startsWith("a.pickle: "), error.getMessage());
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }
}
