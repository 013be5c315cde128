package org.keeplora.data;

import java.util.Optional;
import java.util.logging.Logger;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/** OpenCV's decoders, available when OpenCV is on the class path. Callers check the size that the file states first. */
final class OpenCv {
    private static final Logger LOG = Logger.getLogger(OpenCv.class.getName());

    private OpenCv() {}

    /** Whether the library is present; checked once. */
    private static final class Library {
        static final boolean LOADED = load();

        private static boolean load() {
            try {
                opencv_core.setNumThreads(1); // our own threads each decode one image
                return true;
            } catch (LinkageError e) {
                LOG.fine(() -> "no OpenCV, so the JDK decodes JPEG files and WebP files cannot be decoded (" + e + ")");
                return false;
            }
        }
    }

    static boolean isThere() {
        return Library.LOADED;
    }

    /**
     * The first image in {@code bytes} as RGB, alpha dropped, no rotation applied.
     *
     * @return empty when OpenCV is absent or cannot read the image
     */
    static Optional<RgbImage> decode(byte[] bytes) {
        if (!isThere()) {
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

    private static void swapRedAndBlue(byte[] pixels) {
        for (int i = 0; i < pixels.length; i += RgbImage.CHANNELS) {
            byte blue = pixels[i];
            pixels[i] = pixels[i + 2];
            pixels[i + 2] = blue;
        }
    }
}
