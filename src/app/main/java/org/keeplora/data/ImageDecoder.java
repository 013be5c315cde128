package org.keeplora.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.keeplora.store.WholeFile;

/**
 * Decodes an image file of any {@link ImageKind} to RGB, as PIL's {@code convert("RGB")} does; of several images in a
 * file, the first.
 *
 * <p>The format is detected from the content, not from the name. JPEG goes through {@link OpenCvJpeg} where possible,
 * else through {@link JpegColors} from the raw components. WebP goes through {@link WebpImage}, PGM and PPM through
 * {@link PortableMap}, the rest through the JDK and {@link RasterColors}. Embedded colour profiles and EXIF orientation
 * are not applied.
 */
public final class ImageDecoder {
    /**
     * PIL's limit for a warning; a larger file is treated as damage or an attack. Decoding takes up to 16 bytes a
     * pixel.
     */
    public static final long MOST_PIXELS = 89_478_485;

    /** Limit for a file. */
    private static final int MOST_BYTES = 256 << 20;

    private static final int MOST_BANDS = 4;

    private ImageDecoder() {}

    /** @throws DatasetException naming {@code file}, the reason and what to do */
    public static RgbImage decode(Path file) {
        byte[] bytes;
        try {
            bytes = WholeFile.bytes(file, MOST_BYTES);
        } catch (NoSuchFileException e) {
            throw new DatasetException(
                    file + ": image file not found; it was there when the data set was opened, restore it", e);
        } catch (IOException e) {
            throw new DatasetException(
                    file + ": image file cannot be read (" + DatasetException.reason(e) + "); check its permissions",
                    e);
        }
        try {
            return decode(bytes, MOST_PIXELS);
        } catch (IOException | RuntimeException e) { // the JDK's readers throw either for damaged files
            throw new DatasetException(
                    file + ": cannot be decoded as an image (" + DatasetException.reason(e)
                            + "); replace the file or remove it from the data set",
                    e);
        }
    }

    /**
     * @throws IOException or a RuntimeException of the JDK when {@code bytes} are not an image of at most {@code
     *     mostPixels}
     */
    public static RgbImage decode(byte[] bytes, long mostPixels) throws IOException {
        ImageKind kind = ImageKind.of(bytes)
                .orElseThrow(() -> new IIOException(
                        bytes.length == 0 ? "the file is empty" : "its content is none of " + ImageKind.NAMES));
        return switch (kind) {
            case JPEG -> {
                Optional<RgbImage> fast = OpenCvJpeg.decode(bytes, mostPixels);
                yield fast.isPresent() ? fast.get() : decodeByJdk(bytes, mostPixels);
            }
            case PNG, GIF, BMP, TIFF -> decodeByJdk(bytes, mostPixels);
            case WEBP -> WebpImage.decode(bytes, mostPixels);
            case PORTABLE_MAP -> PortableMap.decode(bytes, mostPixels);
        };
    }

    /** Decodes any kind of file that the JDK reads. */
    public static RgbImage decodeByJdk(byte[] bytes, long mostPixels) throws IOException {
        Optional<JpegLayout> jpeg = Optional.empty();
        if (JpegLayout.isJpeg(bytes)) {
            jpeg = Optional.of(JpegLayout.of(bytes));
            requireSize(jpeg.get().width(), jpeg.get().height(), mostPixels);
        }
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IIOException("the JDK has no reader for it");
            }
            ImageReader reader = readers.next();
            try {
                return jpeg.isPresent() && reader.canReadRaster()
                        ? decodeJpeg(jpeg.get(), in, reader)
                        : decodeOther(in, reader, mostPixels);
            } finally {
                reader.dispose();
            }
        }
    }

    private static RgbImage decodeJpeg(JpegLayout layout, ImageInputStream in, ImageReader reader) throws IOException {
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(in, true, true);
        RgbImage image = JpegColors.toRgb(reader.readRaster(0, null), layout);
        requireComplete(warnings);
        return image;
    }

    private static RgbImage decodeOther(ImageInputStream in, ImageReader reader, long mostPixels) throws IOException {
        reader.setInput(in, true, true);
        requireSize(reader.getWidth(0), reader.getHeight(0), mostPixels);
        requireSize(reader.getTileWidth(0), reader.getTileHeight(0), mostPixels);
        requireBands(reader.getRawImageType(0));
        return RasterColors.toRgb(reader.read(0));
    }

    static void requireSize(int width, int height, long mostPixels) throws IIOException {
        if (width < 1 || height < 1 || (long) width * height > mostPixels) {
            throw new IIOException(width + " x " + height + " pixels, more than " + mostPixels + " or none");
        }
    }

    private static void requireBands(ImageTypeSpecifier type) throws IOException {
        if (type != null && type.getNumBands() > MOST_BANDS) {
            throw new IIOException(type.getNumBands() + " samples a pixel, more than " + MOST_BANDS);
        }
    }

    /**
     * Refuses a JPEG file without its end marker, as PIL does. The JDK only warns and fills the missing part with grey.
     */
    private static void requireComplete(List<String> warnings) throws IOException {
        for (String warning : warnings) {
            if (warning.startsWith("Truncated File")) {
                throw new IIOException("the file is cut short");
            }
        }
    }
}
