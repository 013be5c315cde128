package org.keeplora.data;

import java.util.Optional;
import javax.imageio.IIOException;

/**
 * JPEG files through OpenCV's libjpeg-turbo, which is faster than the JDK's decoder and gives the same pixels ({@code
 * benchmarks/EXPERIMENTS.md}, 10). Decodes only complete files in grey or luminance-chrominance, and only when OpenCV
 * is on the class path; {@link ImageDecoder} decodes all others itself.
 */
public final class OpenCvJpeg {
    private OpenCvJpeg() {}

    /**
     * The image, or empty when {@code bytes} are a kind that this class does not decode, have more than {@code
     * mostPixels} pixels, or OpenCV cannot read them.
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
        } catch (IIOException e) { // the other decoder reports the fault
            return false;
        }
    }

    /** Whether the file is complete; OpenCV would fill the missing part of a truncated file without a warning. */
    private static boolean endsWithEndMarker(byte[] bytes) {
        int n = bytes.length;
        return (bytes[n - 2] & 0xff) == 0xff && (bytes[n - 1] & 0xff) == 0xd9;
    }
}
