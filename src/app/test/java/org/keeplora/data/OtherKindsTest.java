package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import javax.imageio.IIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * WebP, PPM, PGM, inks and files of several images: written by Pillow 12.3, and decoded to the bytes of its
 * {@code convert("RGB")}.
 */
final class OtherKindsTest {
    /** 3 x 2. */
    private static final String PIXELS = "010203fa800700ff5a112233c86432090807";

    static final byte[] LOSSLESS_WEBP =
            base64("UklGRkwAAABXRUJQVlA4TD8AAAAvAkAAAC+gIJIN6v0IYdQTWy8yaRv6VU/9C5ibWVDQNhJyD17YvxO"
                    + "SM/8hZKvG9je3tw0QCFDGimcWiOh/vBMA");
    private static final byte[] ALPHA_WEBP =
            base64("UklGRlYAAABXRUJQVlA4TEkAAAAvAkAAEC+gIJIN6v0IYdQTWy8yaRv6VU/9C5ibWVDQNhJyD17YvxOS"
                    + "o5BtBAjxZF+Dw7oQ8lY/Nv7G22+bgkCAMlY8s0BE/+OdAA==");
    private static final byte[] LOSSY_WEBP =
            base64("UklGRlgAAABXRUJQVlA4IEwAAABQAgCdASoEAAQAAUAmJagCdEyAfoAB2a3DbAAA/vG+J7LTug7m6ji"
                    + "o754C5xGa/pZkKJK9/tTTJ9//ldqj7I/CuBVRn+gx9//krgAA");
    static final byte[] ANIMATED_WEBP =
            base64("UklGRswAAABXRUJQVlA4WAoAAAACAAAAAgAAAQAAQU5JTQYAAAAAAAAAAABBTk1GVgAAAAAAAAAAAAIAAAEAAAAA"
                    + "AAJWUDhMPgAAAC8CQAAAL6Agkg3q/QhhpNG/kxpk0jbtVz0zP3sK2UiC9sNZojM8oOO5+Y9n2tXFVPe3OxCQkCm5"
                    + "ZoGI/sckQU5NRkIAAAAAAAAAAAACAAABAAAAAAAAVlA4TCkAAAAvAkAAAC8gEEhg9gtmerFgivcH12jNf9TwwANQ"
                    + "yDYCHLrX4xQuov+xvAA=");
    static final byte[] CMYK_TIFF =
            base64("SUkqAAgAAAAKAAABBAABAAAAAgAAAAEBBAABAAAAAQAAAAIBAwAEAAAAhgAAAAMBAwABAAAAAQAAAAYBAwABAAA"
                    + "ABQAAABEBBAABAAAAjgAAABUBAwABAAAABAAAABYBBAABAAAAAQAAABcBBAABAAAACAAAABwBAwABAAAAAQAAAAAAAAAIAAgACAAIAArIHij/AI"
                    + "D6");

    private static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of("lossless WebP", LOSSLESS_WEBP, PIXELS),
                Arguments.of("WebP with alpha", ALPHA_WEBP, PIXELS),
                Arguments.of("first image of an animated WebP", ANIMATED_WEBP, PIXELS),
                Arguments.of(
                        "lossy WebP",
                        LOSSY_WEBP,
                        "000442240a47650d4b8a1350123655373b5a793f5e9e4563117052377759777a5b9c816424a2654aa86d8bab70afb276"),
                Arguments.of("CMYK TIFF", CMYK_TIFF, "cf2ebe000502"),
                Arguments.of("binary PPM", latin("P6\n2 1\n255\n\u0001\u0002\u0003\u00fa\u0080\u0007"), "010203fa8007"),
                Arguments.of("PPM up to 100", latin("P6\n#x\n2 1\n100\n\0002d\u0001\u0002c"), "0080ff0305fc"),
                Arguments.of(
                        "PPM of 16 bits",
                        latin("P6 2 1 65535\n\u0012\u0034\u00ff\u00ff\0\0\u0080\0\u0001\0\0\u0080"),
                        "12ff00800100"),
                Arguments.of(
                        "PPM as text",
                        latin("P3\n# c\n3 2\n100\n0 50 100  1 2 3 # x\n 99 98 97\n10 20 30 40 50 60 70 80 90\n"),
                        "0080ff030508fcfaf71a334c668099b2cce6"),
                Arguments.of("binary PGM", latin("P5 3 1 255\n\0\u007f\u00ff"), "0000007f7f7fffffff"),
                Arguments.of("PGM as text, up to 7", latin("P2 3 1 7\n0 3 7\n"), "0000006d6d6dffffff"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void isDecodedAsByPillow(String what, byte[] file, String pixels) throws IOException {
        byte[] decoded = ImageDecoder.decode(file, ImageDecoder.MOST_PIXELS).pixels();
        assertEquals(pixels, HexFormat.of().formatHex(decoded), what);
    }

    @Test
    void ofAnAnimatedGifTheFirstImage() throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (int colour : new int[] {0x123456, 0xabcdef}) {
                BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
                image.setRGB(0, 0, colour);
                writer.writeToSequence(new IIOImage(image, null, null), null);
            }
            writer.endWriteSequence();
        } finally {
            writer.dispose();
        }
        RgbImage first = ImageDecoder.decode(bytes.toByteArray(), ImageDecoder.MOST_PIXELS);
        assertArrayEquals(new byte[] {0x12, 0x34, 0x56}, first.pixels());
    }

    @Test
    void aWebpThatIsCutAnywhereIsRefused() {
        for (int length = ImageKind.START; length < LOSSY_WEBP.length; length++) {
            byte[] cut = Arrays.copyOf(LOSSY_WEBP, length);
            var error = assertThrows(IIOException.class, () -> ImageDecoder.decode(cut, ImageDecoder.MOST_PIXELS));
            assertEquals("the file is cut short", error.getMessage(), "of " + length + " bytes");
        }
    }
}
