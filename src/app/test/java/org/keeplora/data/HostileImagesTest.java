package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.data.PngFile.Kind;
import org.keeplora.testing.Refused;

/** Images with sizes beyond any memory, or that keep a decoder busy for ever; refused before a decoder reads them. */
final class HostileImagesTest {
    @TempDir
    Path folder;

    static Stream<Arguments> images() {
        return Stream.of(
                Arguments.of(
                        "PNG of 60,000 x 60,000 in 1 MB",
                        new PngFile(Kind.RGB, 8, 60_000, 60_000)
                                .with("tEXt", new int[1_000_000])
                                .pixels(new int[60_000]),
                        "60000 x 60000 pixels, more than 89478485 or none"),
                Arguments.of(
                        "PNG one pixel beyond",
                        new PngFile(Kind.GREY, 1, 89_478_486, 1).pixels(0),
                        "89478486 x 1 pixels, more than 89478485 or none"),
                Arguments.of(
                        "PNG of 2^31 - 1",
                        new PngFile(Kind.GREY, 8, Integer.MAX_VALUE, 1).pixels(0),
                        "2147483647 x 1 pixels, more than 89478485 or none"),
                Arguments.of("PNG of none", new PngFile(Kind.GREY, 8, 0, 1).pixels(0), "I/O error reading PNG header!"),
                Arguments.of(
                        "PNG of negative width",
                        new PngFile(Kind.GREY, 8, -5, 1).pixels(0),
                        "I/O error reading PNG header!"),
                Arguments.of(
                        "PNG of 3 bits",
                        new PngFile(Kind.RGB, 3, 1, 1).pixels(0, 0, 0),
                        "I/O error reading PNG header!"),
                Arguments.of(
                        "PNG without pixels", new PngFile(Kind.RGB, 8, 9, 9).pixels(), "Error reading PNG image data"),
                Arguments.of(
                        "PNG without palette",
                        new PngFile(Kind.PALETTE, 8, 1, 1).pixels(0),
                        "Error reading PNG metadata"),
                Arguments.of(
                        "PNG signature alone",
                        Arrays.copyOf(new PngFile(Kind.RGB, 8, 1, 1).pixels(1, 2, 3), 8),
                        "I/O error reading PNG header!"),
                Arguments.of(
                        "JPEG of 65,500 x 65,500",
                        jpeg(65_500, 65_500, 3, 1),
                        "65500 x 65500 pixels, more than 89478485 or none"),
                Arguments.of("JPEG of none", jpeg(0, 0, 3, 1), "0 x 0 pixels, more than 89478485 or none"),
                Arguments.of("JPEG of 2 components", jpeg(8, 8, 2, 1), "JPEG of 2 components"),
                Arguments.of("JPEG of 255 components", jpeg(8, 8, 255, 1), "JPEG of 255 components"),
                Arguments.of("JPEG of 101 scans", jpeg(8, 8, 3, 101), "JPEG of more than 100 scans"),
                Arguments.of("JPEG without a frame", bytes(0xff, 0xd8, 0xff, 0xd9), "JPEG without a frame header"),
                Arguments.of(
                        "JPEG start alone",
                        bytes(0xff, 0xd8),
                        "its content is none of JPEG, PNG, BMP, GIF, TIFF, WebP, PPM, PGM"),
                Arguments.of(
                        "GIF of 65,535 x 65,535",
                        gif(65_535, 65_535),
                        "65535 x 65535 pixels, more than 89478485 or none"),
                Arguments.of(
                        "BMP of 60,000 x 60,000", bmp(60_000, 60_000), "Invalid width/height for BI_RGB image data."),
                Arguments.of("BMP of -1 x 1", bmp(-1, 1), "Unable to read the image header."),
                Arguments.of(
                        "TIFF of 60,000 x 60,000",
                        tiff(60_000, 60_000, 3, 0),
                        "60000 x 60000 pixels, more than 89478485 or none"),
                Arguments.of("TIFF of 5 samples", tiff(2, 2, 5, 0), "5 samples a pixel, more than 4"),
                Arguments.of(
                        "TIFF of one tile of 60,000 x 60,000",
                        tiff(8, 8, 1, 60_000),
                        "60000 x 60000 pixels, more than 89478485 or none"),
                Arguments.of(
                        "WBMP of 2^31 - 1",
                        bytes(0, 0, 0x87, 0xff, 0xff, 0xff, 0x7f, 0x87, 0xff, 0xff, 0xff, 0x7f),
                        "its content is none of JPEG, PNG, BMP, GIF, TIFF, WebP, PPM, PGM"),
                Arguments.of(
                        "WebP of 16,383 x 16,383",
                        webp("VP8 ", 0, 0x3fff_0000 | 0x2a01, 0x3fff),
                        "16383 x 16383 pixels, more than 89478485 or none"),
                Arguments.of(
                        "WebP of 16,384 x 16,384 without loss",
                        webp("VP8L", 0xffff_ff2f, 0x0fff_ffff, 0),
                        "16384 x 16384 pixels, more than 89478485 or none"),
                Arguments.of(
                        "WebP of 2^24 x 2^24",
                        webp("VP8X", 0, 0xffff_ffff, 0xffff_ffff),
                        "16777216 x 16777216 pixels, more than 89478485 or none"),
                Arguments.of("WebP of none", webp("VP8 ", 0, 0, 0), "0 x 0 pixels, more than 89478485 or none"),
                Arguments.of("WebP without pixels", webp("VP8X", 0, 0, 0), "damaged WebP"),
                Arguments.of("WebP of metadata alone", webp("EXIF", 0, 0, 0), "WebP without an image"),
                Arguments.of("WebP start alone", ascii("RIFF\4\0\0\0WEBP"), "the file is cut short"),
                Arguments.of(
                        "PPM of 60,000 x 60,000",
                        ascii("P6 60000 60000 255\n"),
                        "60000 x 60000 pixels, more than 89478485 or none"),
                Arguments.of(
                        "PPM of 10^9 and more",
                        ascii("P6 1000000000 1 255\n"),
                        "100000000 x 0 pixels, more than 89478485 or none"),
                Arguments.of("PPM of none", ascii("P6 0 7 255\n"), "0 x 7 pixels, more than 89478485 or none"),
                Arguments.of("PPM cut short", ascii("P6 2 1 255\n12345"), "the file is cut short"),
                Arguments.of("PPM of text cut short", ascii("P3 2 1 255\n1 2 3 4 5    "), "the file is cut short"),
                Arguments.of("PPM in a comment", ascii("P6 # 2 1 255"), "the file is cut short"),
                Arguments.of("PPM with samples of 0", ascii("P6 1 1 0\nabc"), "largest sample is 0, not 1 to 65535"),
                Arguments.of("PPM with letters", ascii("P3 1 1 255\n1 x 3   "), "no number at byte 13"),
                Arguments.of(
                        "text",
                        "%PDF-1.7".getBytes(StandardCharsets.US_ASCII),
                        "its content is none of JPEG, PNG, BMP, GIF, TIFF, WebP, PPM, PGM"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("images")
    void imageIsRefused(String what, byte[] content, String message) throws IOException {
        Path file = Files.write(folder.resolve("a"), content);
        Refused.with(
                DatasetException.class,
                folder,
                "#/a: cannot be decoded as an image (" + message + "); replace the file or remove it from the data set",
                () -> ImageDecoder.decode(file));
    }

    @Test
    void aHundredScansAreDecoded() throws IOException {
        assertEquals(3, JpegLayout.of(jpeg(8, 8, 3, 100)).components());
    }

    @Test
    void cutAnywhereIsRefusedOrWhole() throws IOException {
        byte[] whole = written("gif");
        for (int length = 0; length < whole.length - 2; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            Path file = Files.write(folder.resolve("a"), cut);
            String message = org.junit.jupiter.api.Assertions.assertThrows(
                            DatasetException.class, () -> ImageDecoder.decode(file), "of " + length + " bytes")
                    .getMessage();
            assertEquals(1, message.lines().count(), message);
        }
    }

    /** Start, frame, scans without data, end. */
    static byte[] jpeg(int width, int height, int components, int scans) {
        ByteBuffer bytes = ByteBuffer.allocate(2 + 10 + 3 * components + 8 * scans + 2);
        bytes.putShort((short) 0xffd8).putShort((short) 0xffc2).putShort((short) (8 + 3 * components));
        bytes.put((byte) 8).putShort((short) height).putShort((short) width).put((byte) components);
        for (int i = 1; i <= components; i++) {
            bytes.put((byte) i).put((byte) 0x11).put((byte) 0);
        }
        for (int i = 0; i < scans; i++) {
            bytes.putShort((short) 0xffda).putShort((short) 6).putInt(0);
        }
        return bytes.putShort((short) 0xffd9).array();
    }

    private static byte[] gif(int width, int height) {
        return ByteBuffer.allocate(13 + 11)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("GIF89a".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) width)
                .putShort((short) height)
                .put(new byte[3])
                .put((byte) ',')
                .putInt(0)
                .putShort((short) width)
                .putShort((short) height)
                .array();
    }

    private static byte[] bmp(int width, int height) {
        return ByteBuffer.allocate(54 + 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 'B')
                .put((byte) 'M')
                .putInt(58)
                .putInt(0)
                .putInt(54)
                .putInt(40)
                .putInt(width)
                .putInt(height)
                .putShort((short) 1)
                .putShort((short) 24)
                .array();
    }

    /**
     * A file of one chunk whose content begins with {@code words}; the upper half of the second word follows the
     * chunk's size.
     */
    private static byte[] webp(String chunk, int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(12 + 8 + 12).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(ascii("RIFF"))
                .putInt(bytes.capacity() - 8)
                .put(ascii("WEBP" + chunk))
                .putInt(12);
        for (int word : words) {
            bytes.putInt(word);
        }
        return bytes.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** @param tile side of a tile, or 0 for strips */
    static byte[] tiff(int width, int height, int samples, int tile) {
        int[][] fields = tile == 0
                ? new int[][] {
                    {256, width},
                    {257, height},
                    {258, 8},
                    {259, 1},
                    {262, 1},
                    {273, 8},
                    {277, samples},
                    {278, height},
                    {279, 64}
                }
                : new int[][] {
                    {256, width},
                    {257, height},
                    {258, 8},
                    {259, 1},
                    {262, 1},
                    {277, samples},
                    {322, tile},
                    {323, tile},
                    {324, 8},
                    {325, 64}
                };
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + 64 + 2 + 12 * fields.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(72).position(72);
        bytes.putShort((short) fields.length);
        for (int[] field : fields) {
            boolean bits = field[0] == 258 && samples > 2; // these values lie elsewhere, where the pixels are too
            bytes.putShort((short) field[0]).putShort((short) 3);
            bytes.putInt(bits ? samples : 1).putInt(field[1]);
        }
        for (int at = 8; at < 8 + 64; at += 2) {
            bytes.putShort(at, (short) 8);
        }
        return bytes.array();
    }

    /** An image of 4 x 4 pixels. */
    static byte[] written(String format) {
        BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 16; i++) {
            image.setRGB(i % 4, i / 4, i * 0x0f0e0d);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, format, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
