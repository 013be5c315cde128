package org.keeplora.data;

import java.util.Optional;
import java.util.logging.Logger;
import javax.imageio.IIOException;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * JPEG files through OpenCV's libjpeg-turbo, which is faster than the JDK's decoder and gives the same pixels
 * ({@code benchmarks/EXPERIMENTS.md}, 10). Takes whole files in grey or luminance-chrominance only, and only where OpenCV is on the
 * class path; for everything else there is {@link ImageDecoder}'s own way.
 */
final class OpenCvJpeg {
    private static final Logger LOG = Logger.getLogger(OpenCvJpeg.class.getName());

    private OpenCvJpeg() {}

    /** Whether the library is there; asked once. */
    private static final class Library {
        static final boolean LOADED = load();

        private static boolean load() {
            try {
                opencv_core.setNumThreads(1); // one image a thread is ours to arrange
                return true;
            } catch (LinkageError e) {
                LOG.fine(() -> "JPEG files are decoded by the JDK: no OpenCV (" + e + ")");
                return false;
            }
        }
    }

    /** The image, or empty where {@code bytes} are not what this class takes, have more pixels, or OpenCV cannot read them. */
    static Optional<RgbImage> decode(byte[] bytes, long mostPixels) {
        if (!isSuitable(bytes, mostPixels) || !Library.LOADED) {
            return Optional.empty();
        }
        int flags = opencv_imgcodecs.IMREAD_COLOR | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
        try (Mat file = new Mat(bytes, false);
                Mat image = opencv_imgcodecs.imdecode(file, flags)) {
            if (image.empty() || !image.isContinuous()) {
                return Optional.empty();
            }
            byte[] pixels = new byte[RgbImage.CHANNELS * image.cols() * image.rows()];
            image.data().get(pixels);
            swapRedAndBlue(pixels);
            return Optional.of(new RgbImage(image.cols(), image.rows(), pixels));
        }
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

    private static void swapRedAndBlue(byte[] pixels) {
        for (int i = 0; i < pixels.length; i += RgbImage.CHANNELS) {
            byte blue = pixels[i];
            pixels[i] = pixels[i + 2];
            pixels[i + 2] = blue;
        }
    }
}
