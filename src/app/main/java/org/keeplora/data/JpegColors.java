package org.keeplora.data;

import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import javax.imageio.IIOException;

/**
 * Converts decoded JPEG components to RGB with libjpeg's integer arithmetic, so the pixels equal those of PIL, which
 * uses libjpeg.
 *
 * <p>{@code R = Y + 1.402 Cr', G = Y - 0.344136 Cb' - 0.714136 Cr', B = Y + 1.772 Cb'} with {@code C' = C - 128}, in
 * 16-bit fixed point, rounded and clipped. CMYK is treated as inverted (Adobe's convention, as in PIL) and blended by
 * {@code R = (255-K)(255-C)/255}.
 */
final class JpegColors {
    private static final int FRACTION_BITS = 16;
    private static final int HALF = 1 << (FRACTION_BITS - 1);
    private static final int CR_TO_R = fixed(1.40200);
    private static final int CB_TO_B = fixed(1.77200);
    private static final int CR_TO_G = fixed(0.71414);
    private static final int CB_TO_G = fixed(0.34414);

    private JpegColors() {}

    /** @param raster [height x width x components] 8-bit, as stored, without colour conversion */
    static RgbImage toRgb(Raster raster, JpegLayout layout) throws IIOException {
        int bands = layout.components();
        if (raster.getTransferType() != DataBuffer.TYPE_BYTE || raster.getNumBands() != bands) {
            throw new IIOException(
                    "JPEG decoded to " + raster.getNumBands() + " bands but its header names " + bands + " components");
        }
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] samples = (byte[]) raster.getDataElements(raster.getMinX(), raster.getMinY(), width, height, null);
        byte[] pixels = bands == RgbImage.CHANNELS ? samples : new byte[width * height * RgbImage.CHANNELS];
        if (bands == 1) {
            replicate(samples, pixels);
        }
        if (layout.coding() == JpegLayout.Coding.LUMINANCE_CHROMINANCE) {
            decorrelate(samples, bands);
        }
        if (bands == 4) {
            boolean complemented = layout.coding() == JpegLayout.Coding.LUMINANCE_CHROMINANCE;
            applyBlack(samples, pixels, complemented);
        }
        return new RgbImage(width, height, pixels);
    }

    private static void replicate(byte[] grey, byte[] rgb) {
        for (int i = 0; i < grey.length; i++) {
            rgb[3 * i] = grey[i];
            rgb[3 * i + 1] = grey[i];
            rgb[3 * i + 2] = grey[i];
        }
    }

    /** Converts Y Cb Cr to R G B, in place, in the first three of every {@code bands} samples. */
    private static void decorrelate(byte[] samples, int bands) {
        for (int i = 0; i < samples.length; i += bands) {
            int luminance = samples[i] & 0xff;
            int blue = (samples[i + 1] & 0xff) - 128;
            int red = (samples[i + 2] & 0xff) - 128;
            samples[i] = clip(luminance + (CR_TO_R * red + HALF >> FRACTION_BITS));
            samples[i + 1] = clip(luminance + (-CB_TO_G * blue - CR_TO_G * red + HALF >> FRACTION_BITS));
            samples[i + 2] = clip(luminance + (CB_TO_B * blue + HALF >> FRACTION_BITS));
        }
    }

    /**
     * @param samples [pixels x 4]: inverted C M Y K, or R G B and inverted K when {@code complemented} (YCCK holds
     *     the complement of inverted C M Y)
     */
    private static void applyBlack(byte[] samples, byte[] rgb, boolean complemented) {
        int flip = complemented ? 0xff : 0;
        for (int from = 0, to = 0; from < samples.length; from += 4) {
            int light = samples[from + 3] & 0xff;
            for (int channel = 0; channel < 3; channel++) {
                int ink = 0xff - ((samples[from + channel] & 0xff) ^ flip);
                rgb[to++] = mixed(ink, light);
            }
        }
    }

    /** The part of {@code light}, the complement of black, that remains below {@code ink}; all 0 .. 255. */
    static byte mixed(int ink, int light) {
        return clip(light - divide255(ink * light));
    }

    /** {@code value / 255}, rounded, for 0 .. 65025. */
    private static int divide255(int value) {
        int rounded = value + 128;
        return (rounded >> 8) + rounded >> 8;
    }

    private static int fixed(double value) {
        return (int) (value * (1 << FRACTION_BITS) + 0.5);
    }

    private static byte clip(int value) {
        return (byte) Math.max(0, Math.min(255, value));
    }
}
