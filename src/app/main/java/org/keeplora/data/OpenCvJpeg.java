package org.keeplora.data;

import java.util.Optional;
import javax.imageio.IIOException;

/**
 * JPEG files through OpenCV's libjpeg-turbo, which is faster than the JDK's decoder and gives the same pixels
 * ({@code benchmarks/EXPERIMENTS.md}, 10). Takes whole files in grey or luminance-chrominance only, and only where
 * OpenCV is on the class path; for everything else there is {@link ImageDecoder}'s own way.
 */
public final class OpenCvJpeg {
    private OpenCvJpeg() {}

    /**
     * The image, or empty where {@code bytes} are not what this class takes, have more pixels, or OpenCV cannot read
     * them.
     */
    public static Optional<RgbImage> decode(byte[] bytes, long mostPixels) {
        return isSuitable(bytes, mostPixels) ? OpenCv.decode(bytes) : Optional.empty();
    }

    private static boolean isSuitable(byte[] bytes, long mostPixels) {
        if (!JpegLayout.isJpeg(bytes) || !endsWithEndMarker(bytes)) {
            return false;
        }
        try {
            JpegLayout layout = JpegLayout.of(bytes);
            boolean grey = layout.components() == 1;
            boolean colour = layout.components() == RgbImage.CHANNELS
                    && layout.coding() == JpegLayout.Coding.LUMINANCE_CHROMINANCE;
            long pixels = (long) layout.width() * layout.height();
            return (grey || colour) && pixels > 0 && pixels <= mostPixels;
        } catch (IIOException e) { // the other way says what is wrong
            return false;
        }
    }

    /** A file that is cut short would be filled up without a word. */
    private static boolean endsWithEndMarker(byte[] bytes) {
        int n = bytes.length;
        return (bytes[n - 2] & 0xff) == 0xff && (bytes[n - 1] & 0xff) == 0xd9;
    }
}
