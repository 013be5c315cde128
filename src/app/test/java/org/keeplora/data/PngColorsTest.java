package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.data.PngFile.Kind;

/** Every colour kind and depth of PNG: samples in, RGB out, nothing blended, no gamma. Two pixels side by side. */
class PngColorsTest {
    @TempDir
    Path folder;

    @Test
    void greyOfEveryDepth() throws IOException {
        assertRgb(png(Kind.GREY, 1).pixels(0b0100_0000), 0, 0, 0, 255, 255, 255);
        assertRgb(png(Kind.GREY, 2).pixels(0b0110_0000), 85, 85, 85, 170, 170, 170);
        assertRgb(png(Kind.GREY, 4).pixels(0x3c), 51, 51, 51, 204, 204, 204);
        assertRgb(png(Kind.GREY, 8).pixels(100, 7), 100, 100, 100, 7, 7, 7);
        assertRgb(png(Kind.GREY, 16).pixels(100, 255, 7, 0), 100, 100, 100, 7, 7, 7);
    }

    @Test
    void greyWithAlphaDropsIt() throws IOException {
        assertRgb(png(Kind.GREY_ALPHA, 8).pixels(100, 0, 7, 128), 100, 100, 100, 7, 7, 7);
        assertRgb(png(Kind.GREY_ALPHA, 16).pixels(100, 9, 0, 0, 7, 9, 128, 0), 100, 100, 100, 7, 7, 7);
    }

    @Test
    void colourOfBothDepths() throws IOException {
        assertRgb(png(Kind.RGB, 8).pixels(1, 2, 3, 253, 254, 255), 1, 2, 3, 253, 254, 255);
        assertRgb(png(Kind.RGB, 16).pixels(1, 255, 2, 0, 3, 127, 253, 1, 254, 2, 255, 3), 1, 2, 3, 253, 254, 255);
    }

    @Test
    void colourWithAlphaDropsIt() throws IOException {
        assertRgb(png(Kind.RGBA, 8).pixels(1, 2, 3, 0, 253, 254, 255, 128), 1, 2, 3, 253, 254, 255);
        assertRgb(
                png(Kind.RGBA, 16).pixels(1, 9, 2, 9, 3, 9, 0, 0, 253, 9, 254, 9, 255, 9, 128, 0),
                1,
                2,
                3,
                253,
                254,
                255);
    }

    @Test
    void paletteOfEveryDepth() throws IOException {
        int[] colours = {10, 20, 30, 200, 100, 50};
        int[] expected = {200, 100, 50, 10, 20, 30};
        assertRgb(png(Kind.PALETTE, 1).with("PLTE", colours).pixels(0b1000_0000), expected);
        assertRgb(png(Kind.PALETTE, 2).with("PLTE", colours).pixels(0b0100_0000), expected);
        assertRgb(png(Kind.PALETTE, 4).with("PLTE", colours).pixels(0x10), expected);
        assertRgb(png(Kind.PALETTE, 8).with("PLTE", colours).pixels(1, 0), expected);
    }

    @Test
    void transparencyChunkDoesNotChangeColours() throws IOException {
        assertRgb(
                png(Kind.PALETTE, 8)
                        .with("PLTE", 10, 20, 30, 200, 100, 50)
                        .with("tRNS", 0, 128)
                        .pixels(1, 0),
                200,
                100,
                50,
                10,
                20,
                30);
        assertRgb(png(Kind.RGB, 8).with("tRNS", 0, 1, 0, 2, 0, 3).pixels(1, 2, 3, 4, 5, 6), 1, 2, 3, 4, 5, 6);
        assertRgb(png(Kind.GREY, 8).with("tRNS", 0, 100).pixels(100, 7), 100, 100, 100, 7, 7, 7);
    }

    @Test
    void gammaChunkIsNotApplied() throws IOException {
        assertRgb(png(Kind.GREY, 8).with("gAMA", 0, 1, 0x86, 0xa0).pixels(100, 7), 100, 100, 100, 7, 7, 7);
        assertRgb(png(Kind.RGB, 8).with("gAMA", 0, 1, 0x86, 0xa0).pixels(1, 2, 3, 4, 5, 6), 1, 2, 3, 4, 5, 6);
    }

    @Test
    void rowsFollowEachOther() throws IOException {
        RgbImage image = decode(new PngFile(Kind.GREY, 8, 1, 3).pixels(5, 6, 7));

        assertEquals(1, image.width());
        assertEquals(3, image.height());
        assertEquals(7, image.sample(0, 2, 1));
    }

    private static PngFile png(Kind kind, int bits) {
        return new PngFile(kind, bits, 2, 1);
    }

    private void assertRgb(byte[] file, int... expected) throws IOException {
        RgbImage image = decode(file);
        int[] found = new int[image.pixels().length];
        for (int i = 0; i < found.length; i++) {
            found[i] = image.pixels()[i] & 0xff;
        }
        assertArrayEquals(expected, found);
    }

    private RgbImage decode(byte[] file) throws IOException {
        return ImageDecoder.decode(Files.write(folder.resolve("image.png"), file));
    }
}
