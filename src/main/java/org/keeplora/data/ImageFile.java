package org.keeplora.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * A JPEG or PNG file, read as PIL's {@code convert("RGB")} reads it: grey replicated, palettes looked up, alpha dropped.
 *
 * @param root the folder of all data sets
 * @param id path below it, with forward slashes
 */
record ImageFile(Path root, String id) implements ImageSource {
    @Override
    public RgbImage read() {
        Path file = root.resolve(id);
        try {
            BufferedImage image = ImageIO.read(file.toFile());
            if (image == null) {
                throw new DatasetProblem(file + ": not an image that can be decoded; replace or remove the file");
            }
            return rgb(image);
        } catch (IOException e) {
            throw new DatasetProblem(file + ": cannot be decoded (" + e.getMessage() + "); replace or remove the file");
        }
    }

    private static RgbImage rgb(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] pixels = new byte[3 * width * height];
        ColorModel colors = image.getColorModel();
        boolean samplesAreColors = !(colors instanceof IndexColorModel)
                && colors.getTransferType() == java.awt.image.DataBuffer.TYPE_BYTE
                && (colors.getColorSpace().getType() == ColorSpace.TYPE_RGB
                        || colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY);
        if (samplesAreColors) {
            copySamples(image.getRaster(), colors.getNumColorComponents(), pixels);
        } else {
            int[] row = new int[width];
            for (int y = 0; y < height; y++) {
                image.getRGB(0, y, width, 1, row, 0, width);
                for (int x = 0; x < width; x++) {
                    int at = 3 * (y * width + x);
                    pixels[at] = (byte) (row[x] >> 16);
                    pixels[at + 1] = (byte) (row[x] >> 8);
                    pixels[at + 2] = (byte) row[x];
                }
            }
        }
        return new RgbImage(width, height, pixels);
    }

    /** Takes the samples as they are: the conversion of {@code getRGB} would change grey values' gamma. */
    private static void copySamples(Raster raster, int colors, byte[] pixels) {
        int bands = raster.getNumBands();
        int width = raster.getWidth();
        int[] row = new int[width * bands];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    pixels[3 * (y * width + x) + c] = (byte) row[x * bands + (colors == 1 ? 0 : c)];
                }
            }
        }
    }
}
