package org.keeplora.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.imageio.IIOException;

/** Decodes WebP files with OpenCV's libwebp: the first image, alpha dropped, as in PIL. */
final class WebpImage {
    /** Offset of the first chunk: after RIFF, size, WEBP. */
    private static final int CHUNK = 12;

    /** Offset of its content: after its name and size. */
    private static final int CONTENT = CHUNK + 8;

    /** Bytes from there that contain the image's size, for every kind of chunk. */
    private static final int HEADER = 10;

    private static final int BITS_14 = 0x3fff;
    private static final int BITS_24 = 0xffffff;

    /** The size that an image states. */
    record Size(int width, int height) {}

    private WebpImage() {}

    /**
     * @throws IIOException when {@code bytes} are truncated, damaged or not an image of at most {@code mostPixels}, or
     *     OpenCV is absent
     */
    static RgbImage decode(byte[] bytes, long mostPixels) throws IIOException {
        Size size = size(bytes);
        ImageDecoder.requireSize(size.width, size.height, mostPixels);
        if (!OpenCv.isThere()) {
            throw new IIOException("WebP is read by OpenCV, which is not on the class path");
        }
        RgbImage image = OpenCv.decode(bytes).orElseThrow(() -> new IIOException("damaged WebP"));
        if (image.width() != size.width || image.height() != size.height) {
            throw new IIOException(String.format(
                    Locale.ROOT,
                    "WebP of %d x %d pixels whose header says %d x %d",
                    image.width(),
                    image.height(),
                    size.width,
                    size.height));
        }
        return image;
    }

    /** The size in the first chunk: lossy, lossless, or the canvas of an extended file. */
    static Size size(byte[] bytes) throws IIOException {
        if (bytes.length < CONTENT + HEADER) {
            throw new IIOException("the file is cut short");
        }
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (Integer.toUnsignedLong(file.getInt(4)) > bytes.length - 8L) {
            throw new IIOException("the file is cut short");
        }
        String chunk = new String(bytes, CHUNK, 4, StandardCharsets.ISO_8859_1);
        return switch (chunk) {
            case "VP8 " -> new Size(file.getShort(CONTENT + 6) & BITS_14, file.getShort(CONTENT + 8) & BITS_14);
            case "VP8L" -> {
                int bits = file.getInt(CONTENT + 1);
                yield new Size(1 + (bits & BITS_14), 1 + (bits >>> 14 & BITS_14));
            }
            case "VP8X" -> new Size(1 + (file.getInt(CONTENT + 4) & BITS_24), 1 + (file.getInt(CONTENT + 6) >>> 8));
            default -> throw new IIOException("WebP without an image");
        };
    }
}
