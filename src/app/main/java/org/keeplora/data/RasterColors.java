package org.keeplora.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.PackedColorModel;
import java.awt.image.Raster;
import javax.imageio.IIOException;

/**
 * Converts a decoded image of any of the JDK's colour models to RGB. Palettes are looked up, grey is replicated, alpha
 * is dropped (not blended), 16-bit samples keep their high byte, and inks are mixed.
 *
 * <p>PIL also keeps the high byte of 16-bit colour, but clips 16-bit grey at 255, which makes nearly all of it white.
 * We do not copy that.
 */
final class RasterColors {
    private RasterColors() {}

    /**
     * @throws IIOException when the colour model is not palette, grey, RGB with 8 or 16 bits a sample, or CMYK with 8
     */
    static RgbImage toRgb(BufferedImage image) throws IIOException {
        ColorModel model = image.getColorModel();
        if (model instanceof IndexColorModel
                || model instanceof PackedColorModel && model.getColorSpace().isCS_sRGB()) {
            return lookedUp(image);
        }
        int type = model.getColorSpace().getType();
        int bits = model.getComponentSize(0);
        if (type == ColorSpace.TYPE_CMYK && bits == 8) {
            return mixed(image.getRaster());
        }
        if (type != ColorSpace.TYPE_GRAY && type != ColorSpace.TYPE_RGB || bits != 8 && bits != 16) {
            throw new IIOException(model.getNumComponents() + " samples a pixel of " + bits
                    + " bits, neither grey nor RGB; save it as 8-bit RGB");
        }
        return sampled(image.getRaster(), type == ColorSpace.TYPE_GRAY, bits - 8);
    }

    /** Palettes and packed sRGB: {@code getRGB} only unpacks them. */
    private static RgbImage lookedUp(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] pixels = new byte[width * height * RgbImage.CHANNELS];
        int[] row = new int[width];
        for (int y = 0, to = 0; y < height; y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int argb : row) {
                pixels[to++] = (byte) (argb >> 16);
                pixels[to++] = (byte) (argb >> 8);
                pixels[to++] = (byte) argb;
            }
        }
        return new RgbImage(width, height, pixels);
    }

    private static RgbImage mixed(Raster raster) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        int bands = raster.getNumBands();
        byte[] pixels = new byte[width * height * RgbImage.CHANNELS];
        int[] row = new int[width * bands];
        for (int y = 0, to = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int from = 0; from < row.length; from += bands) {
                for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
                    pixels[to++] = JpegColors.mixed(row[from + channel], 0xff - row[from + 3]);
                }
            }
        }
        return new RgbImage(width, height, pixels);
    }

    private static RgbImage sampled(Raster raster, boolean grey, int shift) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        int bands = raster.getNumBands();
        int step = grey ? 0 : 1;
        byte[] pixels = new byte[width * height * RgbImage.CHANNELS];
        int[] row = new int[width * bands];
        for (int y = 0, to = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int from = 0; from < row.length; from += bands) {
                pixels[to++] = (byte) (row[from] >> shift);
                pixels[to++] = (byte) (row[from + step] >> shift);
                pixels[to++] = (byte) (row[from + 2 * step] >> shift);
            }
        }
        return new RgbImage(width, height, pixels);
    }
}
