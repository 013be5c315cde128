package org.keeplora.data;

/**
 * A decoded image.
 *
 * @param width pixels
 * @param height pixels
 * @param pixels height · width · 3 bytes, row by row, red, green, blue
 */
public record RgbImage(int width, int height, byte[] pixels) {
    public RgbImage {
        if (width < 1 || height < 1 || pixels.length != 3L * width * height) {
            throw new IllegalArgumentException("image of " + width + " x " + height + " pixels with " + pixels.length
                    + " bytes; 3 a pixel are needed");
        }
    }
}
