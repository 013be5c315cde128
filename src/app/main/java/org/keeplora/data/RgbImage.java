package org.keeplora.data;

import java.util.Locale;

/**
 * A decoded image, 8 bits a channel.
 *
 * @param width pixels, at least 1
 * @param height pixels, at least 1
 * @param pixels [height x width x 3] row-major, R G B, each 0..255 as an unsigned byte; not copied
 */
public record RgbImage(int width, int height, byte[] pixels) {
    /** Bytes of one pixel. */
    public static final int CHANNELS = 3;

    public RgbImage {
        if (width < 1 || height < 1 || pixels.length != (long) width * height * CHANNELS) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "RgbImage: %d x %d needs %d bytes (width * height * 3, both at least 1) but got %d",
                    width,
                    height,
                    (long) width * height * CHANNELS,
                    pixels.length));
        }
    }

    /** Value 0..255 of {@code channel} (0 red, 1 green, 2 blue) at column {@code x}, row {@code y}. */
    public int sample(int x, int y, int channel) {
        return pixels[(y * width + x) * CHANNELS + channel] & 0xff;
    }
}
