package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.store.UserError;

/** CIFAR-100's pickles written by hand, byte by byte: what is read, and that everything else is refused. */
class PickledBatchesTest {
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
    void columnMajorArraysAreTurned() throws IOException {
        String array = START + "}(U\4data" + ARRAY + "(K\1K\2K\3\u0086" + BYTES + "%sU\6adbecftbu.";

        assertArrayEquals(
                "abcdef".getBytes(StandardCharsets.US_ASCII), data(String.format(Locale.ROOT, array, "\u0088")));
        assertArrayEquals(
                "adbecf".getBytes(StandardCharsets.US_ASCII), data(String.format(Locale.ROOT, array, "\u0089")));
    }

    private byte[] data(String pickle) throws IOException {
        write("array", pickle);
        return PickledDictionary.read(root.resolve("cifar/array")).bytes("data");
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
        assertDataError("refers to os.system, which is not plain data", START + "cos\nsystem\n(U\2lstR.");
    }

    @Test
    void refusesOtherArrays() {
        String array = START + "}(U\4data" + ARRAY;
        assertDataError(
                "data is an array of \"f4\"", array + "(K\1K\1\u0085" + BYTES.replace("u1", "f4") + "\u0089U\1atbu.");
        assertDataError(
                "data is an array of shape [2, 3] but 1 bytes", array + "(K\1K\2K\3\u0086" + BYTES + "\u0089U\1atbu.");
        assertDataError(
                "data is an array of shape [1, 1, 1]", array + "(K\1K\1K\1K\1\u0087" + BYTES + "\u0089U\1atbu.");
        assertDataError("\"data\" is missing or not an array", START + "}(U\4dataK\1u.");
    }

    private void assertDataError(String part, String pickle) {
        String message = assertThrows(UserError.class, () -> data(pickle)).getMessage();
        assertTrue(message.contains(part), message);
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
        assertBatchError("train: \"fine_labels\" is missing or not a list; unpack the data set again");
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

    private void write(String name, String pickle) throws IOException {
        Path folder = Files.createDirectories(root.resolve("cifar"));
        Files.write(folder.resolve(name), pickle.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Split batches() {
        return new PickledBatches("cifar").read(root, (n, seed) -> new int[n]);
    }

    private void assertBatchError(String message) {
        var error = assertThrows(UserError.class, this::batches);
        assertEquals(root.resolve("cifar") + "/" + message, error.getMessage());
    }
}
