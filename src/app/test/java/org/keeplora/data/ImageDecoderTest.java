package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.data.PngFile.Kind;

/** Files with a wrong extension, or damaged: decoded or refused in one line. */
class ImageDecoderTest {
    @TempDir
    Path folder;

    @Test
    void kindIsFoundByContentNotByName() throws IOException {
        Path file = Files.write(folder.resolve("png.jpg"), new PngFile(Kind.RGB, 8, 1, 1).pixels(9, 8, 7));

        assertEquals(9, ImageDecoder.decode(file).sample(0, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bmp", "gif", "tiff"})
    void otherFormatsUnderAnImageName(String format) throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(1, 0, 0x123456);
        Path file = folder.resolve(format + ".jpg");
        assertTrue(ImageIO.write(image, format, file.toFile()));

        RgbImage decoded = ImageDecoder.decode(file);

        assertEquals(0x12, decoded.sample(1, 0, 0));
        assertEquals(0x34, decoded.sample(1, 0, 1));
        assertEquals(0x56, decoded.sample(1, 0, 2));
    }

    @Test
    void emptyFile() throws IOException {
        assertRefused(new byte[0], "the file is empty");
    }

    @Test
    void textFile() throws IOException {
        assertRefused(
                "<html>not found</html>".getBytes(StandardCharsets.US_ASCII),
                "its content is none of JPEG, PNG, BMP, GIF, TIFF, WebP, PPM, PGM");
    }

    @Test
    void cutJpeg() throws IOException {
        byte[] whole = noise("jpg");
        assertRefused(Arrays.copyOf(whole, whole.length / 2), "the file is cut short");
        assertRefused(Arrays.copyOf(whole, whole.length - 2), "the file is cut short");
    }

    @Test
    void cutPng() throws IOException {
        byte[] whole = noise("png");
        assertRefused(Arrays.copyOf(whole, whole.length / 2), "Error reading PNG image data");
    }

    /** A file damaged anywhere either decodes or is refused in one line; no other exception escapes. */
    @ParameterizedTest
    @ValueSource(strings = {"jpg", "png"})
    void damageNeverEscapesAsAnythingElse(String format) throws IOException {
        byte[] whole = noise(format);
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 300; round++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i < 3; i++) {
                damaged[random.nextInt(round % 2 == 0 ? 200 : damaged.length)] = (byte) random.nextInt(256);
            }
            Path file = Files.write(folder.resolve("damaged." + format), damaged);
            try {
                ImageDecoder.decode(file);
            } catch (DatasetException e) {
                assertTrue(e.getMessage().startsWith(file + ": cannot be decoded as an image ("), e.getMessage());
                assertFalse(e.getMessage().contains("\n"), e.getMessage());
            }
        }
    }

    @Test
    void missingFile() {
        Path file = folder.resolve("gone.jpg");
        var error = assertThrows(DatasetException.class, () -> ImageDecoder.decode(file));
        assertEquals(
                file + ": image file not found; it was there when the data set was opened, restore it",
                error.getMessage());
    }

    @Test
    void missingFileWhoseSizeIsAsked() {
        ImageFile image = new ImageFile(folder.resolve("gone.jpg"), "gone.jpg");
        var error = assertThrows(DatasetException.class, image::content);
        assertEquals(
                image.path() + ": image file not found; restore it or unpack the data set again", error.getMessage());
    }

    private void assertRefused(byte[] bytes, String reason) throws IOException {
        Path file = Files.write(folder.resolve("bad.jpg"), bytes);
        var error = assertThrows(DatasetException.class, () -> ImageDecoder.decode(file));
        assertEquals(
                file + ": cannot be decoded as an image (" + reason
                        + "); replace the file or remove it from the data set",
                error.getMessage());
    }

    private static byte[] noise(String format) throws IOException {
        BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1200; i++) {
            image.setRGB(i % 40, i / 40, random.nextInt(0x1000000));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, format, bytes);
        return bytes.toByteArray();
    }
}
