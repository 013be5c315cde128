package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The idx reader on hand-made files: ten images of 3 x 2 pixels in each half, one per class. */
class IdxFilesTest {
    private static final SplitOrder UNUSED = (n, seed) -> {
        throw new AssertionError("MNIST has an official split");
    };

    @TempDir
    Path root;

    private Path raw;

    @BeforeEach
    void writeFiles() throws IOException {
        raw = Files.createDirectories(root.resolve("MNIST/raw"));
        for (String half : new String[] {"train", "t10k"}) {
            Files.write(raw.resolve(half + "-images-idx3-ubyte"), images(10, 3, 2));
            Files.write(raw.resolve(half + "-labels-idx1-ubyte"), labels(10));
        }
    }

    @Test
    void readsImagesRowByRow() {
        Dataset dataset = open();
        Item third = dataset.train().get(2);

        assertEquals("#2", third.image().id());
        assertEquals(2, third.label());
        RgbImage image = third.image().read();
        assertEquals(2, image.width());
        assertEquals(3, image.height());
        assertEquals(12, image.sample(0, 0, 0));
        assertEquals(13, image.sample(1, 0, 1));
        assertEquals(14, image.sample(0, 1, 2));
        assertEquals(10, dataset.test().size());
    }

    @Test
    void highValuesStayUnsigned() throws IOException {
        byte[] bytes = images(10, 3, 2);
        bytes[16] = (byte) 250;
        Files.write(raw.resolve("train-images-idx3-ubyte"), bytes);

        assertEquals(250, open().train().get(0).image().read().sample(0, 0, 2));
    }

    @Test
    void readsGzippedFiles() throws IOException {
        Path plain = raw.resolve("t10k-images-idx3-ubyte");
        byte[] pixels = open().test().get(9).image().read().pixels();
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(raw.resolve("t10k-images-idx3-ubyte.gz")))) {
            out.write(Files.readAllBytes(plain));
        }
        Files.delete(plain);

        assertArrayEquals(pixels, open().test().get(9).image().read().pixels());
    }

    @Test
    void missingFile() throws IOException {
        Files.delete(raw.resolve("train-labels-idx1-ubyte"));

        assertMessage("%s: file not found (nor with .gz); download it into that folder", "train-labels-idx1-ubyte");
    }

    @Test
    void wrongMagicNumber() throws IOException {
        Files.write(raw.resolve("train-images-idx3-ubyte"), labels(10));

        assertMessage(
                "%s: not a valid idx file, offset 0: expected an idx header of 16 bytes that starts with 0x00000803,"
                        + " found 0x00000801; download it again",
                "train-images-idx3-ubyte");
    }

    @Test
    void emptyFile() throws IOException {
        Files.write(raw.resolve("train-images-idx3-ubyte"), new byte[0]);

        assertMessage(
                "%s: not a valid idx file, offset 0: expected an idx header of 16 bytes that starts with 0x00000803,"
                        + " found only 0 bytes; download it again",
                "train-images-idx3-ubyte");
    }

    @Test
    void cutFile() throws IOException {
        Files.write(raw.resolve("train-images-idx3-ubyte"), Arrays.copyOf(images(10, 3, 2), 40));

        assertMessage(
                "%s: not a valid idx file, offset 16: header promises [10, 3, 2] = 60 values, found 24; download it again",
                "train-images-idx3-ubyte");
    }

    @Test
    void impossibleSize() throws IOException {
        Files.write(raw.resolve("train-images-idx3-ubyte"), images(10, 3, 2, 10, 1 << 30, 1 << 30));

        assertMessage(
                "%s: not a valid idx file, offset 8: size 1073741824 is not possible; download it again",
                "train-images-idx3-ubyte");
    }

    @Test
    void damagedGzip() throws IOException {
        Files.move(raw.resolve("train-images-idx3-ubyte"), raw.resolve("train-images-idx3-ubyte.gz"));

        assertMessage(
                "%s: cannot be read (Not in GZIP format); check permissions or download it again",
                "train-images-idx3-ubyte.gz");
    }

    @Test
    void labelBeyondTheClasses() throws IOException {
        byte[] bytes = labels(10);
        bytes[8 + 4] = 11;
        Files.write(raw.resolve("train-labels-idx1-ubyte"), bytes);

        assertMessage(
                "%s: label 11 at offset 12 but the data set has 10 classes (0..9); download the file again",
                "train-labels-idx1-ubyte");
    }

    @Test
    void fewerLabelsThanImages() throws IOException {
        Files.write(raw.resolve("t10k-labels-idx1-ubyte"), labels(9));

        var error = assertThrows(DatasetException.class, this::open);
        assertEquals(
                raw.resolve("t10k-labels-idx1-ubyte") + " holds 9 labels but " + raw.resolve("t10k-images-idx3-ubyte")
                        + " holds 10 images; they must agree: unpack or download both again",
                error.getMessage());
    }

    @Test
    void classWithoutAnyImage() throws IOException {
        byte[] zeros = labels(10);
        Arrays.fill(zeros, 8, zeros.length, (byte) 0);
        Files.write(raw.resolve("train-labels-idx1-ubyte"), zeros);
        Files.write(raw.resolve("t10k-labels-idx1-ubyte"), zeros);

        var error = assertThrows(DatasetException.class, this::open);
        assertEquals(
                raw + ": class 1 (1 - one) of data set MNIST has no image; download the data set again",
                error.getMessage());
    }

    private Dataset open() {
        return DatasetCatalog.open("MNIST", root, UNUSED);
    }

    private void assertMessage(String message, String file) {
        var error = assertThrows(DatasetException.class, this::open);
        assertEquals(String.format(Locale.ROOT, message, raw.resolve(file)), error.getMessage());
    }

    /** Value of a pixel = its position in the file. */
    private static byte[] images(int count, int height, int width) {
        return images(count, height, width, count, height, width);
    }

    private static byte[] images(int count, int height, int width, int... promised) {
        ByteBuffer bytes = ByteBuffer.allocate(16 + count * height * width).putInt(0x00000803);
        for (int size : promised) {
            bytes.putInt(size);
        }
        for (int i = 0; bytes.hasRemaining(); i++) {
            bytes.put((byte) i);
        }
        return bytes.array();
    }

    private static byte[] labels(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(8 + count).putInt(0x00000801).putInt(count);
        for (int i = 0; i < count; i++) {
            bytes.put((byte) (i % 10));
        }
        return bytes.array();
    }
}
