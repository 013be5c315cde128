package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every colour kind of JPEG: one file of constant components, decoded according to its markers. */
class JpegColorsTest {
    private static final int SIZE = 8;
    private static final int RGB = 0;
    private static final int LUMINANCE = 1;
    private static final int LUMINANCE_BLACK = 2;

    @TempDir
    Path folder;

    @Test
    void greyIsReplicatedWithoutGamma() throws IOException {
        assertRgb(jpeg(100), 100, 100, 100);
    }

    @Test
    void colourWithoutMarkersIsLuminanceAndDifferences() throws IOException {
        // R = 100 + 1.402 * 30, G = 100 - 0.34414 * -20 - 0.71414 * 30, B = 100 + 1.772 * -20
        assertRgb(jpeg(100, 108, 158), 142, 85, 65);
    }

    @Test
    void adobeMarkerSaysWhatThreeComponentsAre() throws IOException {
        assertRgb(adobe(jpeg(100, 108, 158), RGB), 100, 108, 158);
        assertRgb(adobe(jpeg(100, 108, 158), LUMINANCE), 142, 85, 65);
    }

    @Test
    void jfifOverrulesAdobe() throws IOException {
        byte[] jfif = "JFIF\0\1\1\0\0\1\0\1\0\0".getBytes(StandardCharsets.ISO_8859_1);
        assertRgb(inserted(adobe(jpeg(100, 108, 158), RGB), 0xe0, jfif), 142, 85, 65);
    }

    @Test
    void componentsNamedRgbAreRgb() throws IOException {
        byte[] file = jpeg(100, 108, 158);
        rename(file, "RGB");
        assertRgb(file, 100, 108, 158);
    }

    @Test
    void fourComponentsAreInvertedCmyk() throws IOException {
        // inks 155, 105, 55 under light 200: 200 - 200 * ink / 255
        assertRgb(jpeg(100, 150, 200, 200), 78, 118, 157);
        assertRgb(adobe(jpeg(100, 150, 200, 200), RGB), 78, 118, 157);
    }

    @Test
    void adobeMarkerSaysYcck() throws IOException {
        // luminance and differences give inks 142, 85, 65 under light 200
        assertRgb(adobe(jpeg(100, 108, 158, 200), LUMINANCE_BLACK), 89, 133, 149);
    }

    @Test
    void valuesBeyondTheRangeAreClipped() throws IOException {
        assertRgb(jpeg(250, 128, 220), 255, 184, 250);
        assertRgb(jpeg(10, 20, 128), 10, 47, 0);
    }

    @Test
    void embeddedProfileIsNotApplied() throws IOException {
        byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        byte[] segment = ByteBuffer.allocate(14 + profile.length)
                .put("ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1))
                .put(profile)
                .array();
        assertRgb(inserted(jpeg(100, 108, 158), 0xe2, segment), 142, 85, 65);
    }

    private void assertRgb(byte[] file, int red, int green, int blue) throws IOException {
        RgbImage image = ImageDecoder.decode(Files.write(folder.resolve("image.jpg"), file));
        assertEquals(SIZE, image.width());
        assertEquals(SIZE, image.height());
        int[] found = {image.sample(3, 5, 0), image.sample(3, 5, 1), image.sample(3, 5, 2)};
        assertArrayEquals(new int[] {red, green, blue}, found);
    }

    /**
     * A JPEG whose components each hold one value, at the finest quantisation, which stores a constant block without
     * loss; with neither a JFIF nor an Adobe marker.
     */
    private static byte[] jpeg(int... components) throws IOException {
        int[] bandOffsets = IntStream.range(0, components.length).toArray();
        WritableRaster raster = Raster.createInterleavedRaster(
                DataBuffer.TYPE_BYTE, SIZE, SIZE, SIZE * components.length, components.length, bandOffsets, null);
        for (int y = 0; y < SIZE; y++) {
            for (int x = 0; x < SIZE; x++) {
                raster.setPixel(x, y, components);
            }
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            var settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(1);
            writer.setOutput(out);
            writer.write(null, new IIOImage(raster, null, null), settings);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static byte[] adobe(byte[] file, int transform) {
        byte[] segment = ByteBuffer.allocate(12)
                .put("Adobe".getBytes(StandardCharsets.US_ASCII))
                .put(new byte[] {0, 100, 0, 0, 0, 0, (byte) transform})
                .array();
        return inserted(file, 0xee, segment);
    }

    private static byte[] inserted(byte[] file, int marker, byte[] segment) {
        return ByteBuffer.allocate(file.length + 4 + segment.length)
                .put(file, 0, 2)
                .put((byte) 0xff)
                .put((byte) marker)
                .putShort((short) (segment.length + 2))
                .put(segment)
                .put(file, 2, file.length - 2)
                .array();
    }

    /** Gives the components new names, in the frame header and in the scan header. */
    private static void rename(byte[] file, String names) {
        for (int at = 2; at + 12 < file.length; at++) {
            boolean marker = (file[at] & 0xff) == 0xff;
            int first = (file[at + 1] & 0xff) == 0xc0 ? 10 : (file[at + 1] & 0xff) == 0xda ? 5 : 0;
            for (int i = 0; marker && first > 0 && i < names.length(); i++) {
                file[at + first + i * (first == 10 ? 3 : 2)] = (byte) names.charAt(i);
            }
        }
    }
}
