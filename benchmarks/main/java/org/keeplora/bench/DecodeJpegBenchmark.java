package org.keeplora.bench;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import org.keeplora.data.ImageDecoder;
import org.keeplora.data.OpenCvJpeg;
import org.keeplora.data.RgbImage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Images per second and core from JPEG files in the page cache to RGB, by decoder. Before timing, every decoder's
 * pixels are compared with those of our decoder through the JDK, which equal Pillow's; the number of differing images
 * is printed.
 *
 * <p>Needs {@code -Dkeeplora.data}: the folder of {@code mtil-mini}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 8, time = 1)
@Fork(1)
public class DecodeJpegBenchmark {
    /** The decoders. */
    public enum Decoder {
        /** Our decoder through the JDK: raw components, then libjpeg's arithmetic. */
        JDK_COMPONENTS,
        /** The JDK's ImageIO with its usual call. */
        IMAGE_IO,
        /** TwelveMonkeys' plugin for ImageIO. */
        TWELVE_MONKEYS,
        /** OpenCV's imdecode, on libjpeg-turbo; data sets are read with it. */
        OPENCV
    }

    /** The pictures. */
    public enum Pictures {
        /** EuroSAT, 64 x 64. */
        TILES_64,
        /** Caltech101, about 120 x 100. */
        PHOTOS_120,
        /** Caltech101 enlarged to 1024 pixels wide, quality as ImageIO's default. */
        PHOTOS_1024
    }

    private static final int FILES = 48;

    @Param
    public Decoder decoder;

    @Param
    public Pictures pictures;

    private final List<Path> files = new ArrayList<>();
    private ImageReader reader;
    private int next;

    /** Collects the files, chooses the reader and compares its pixels. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        ImageIO.setUseCache(false);
        Path root = Path.of(System.getProperty("keeplora.data"));
        Path folder = root.resolve(pictures == Pictures.TILES_64 ? "eurosat/2750" : "caltech101/101_ObjectCategories");
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(file -> file.toString().endsWith(".jpg"))
                    .sorted()
                    .limit(FILES)
                    .forEach(files::add);
        }
        if (pictures == Pictures.PHOTOS_1024) {
            enlarge();
        }
        chooseReader();
        int different = 0;
        for (Path file : files) {
            different +=
                    same(ImageDecoder.decodeByJdk(Files.readAllBytes(file), ImageDecoder.MOST_PIXELS), decode(file))
                            ? 0
                            : 1;
        }
        System.out.printf(
                Locale.ROOT,
                "%n%s, %s: %d of %d images differ from Pillow's pixels%n",
                decoder,
                pictures,
                different,
                FILES);
    }

    private void enlarge() throws IOException {
        Path folder = Files.createTempDirectory("decode");
        for (int i = 0; i < files.size(); i++) {
            BufferedImage small = ImageIO.read(files.get(i).toFile());
            int height = 1024 * small.getHeight() / small.getWidth();
            BufferedImage large = new BufferedImage(1024, height, BufferedImage.TYPE_3BYTE_BGR);
            Graphics2D graphics = large.createGraphics();
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
            graphics.drawImage(small, 0, 0, 1024, height, null);
            graphics.dispose();
            Path file = folder.resolve(i + ".jpg");
            ImageIO.write(large, "jpg", file.toFile());
            file.toFile().deleteOnExit();
            files.set(i, file);
        }
    }

    /**
     * Both plugins are on the class path, so this selects the requested one and removes TwelveMonkeys' plugin from the
     * JDK's registry.
     */
    private void chooseReader() throws IOException {
        IIORegistry registry = IIORegistry.getDefaultInstance();
        List<ImageReaderSpi> found = new ArrayList<>();
        for (Iterator<ImageReaderSpi> all = registry.getServiceProviders(ImageReaderSpi.class, true); all.hasNext(); ) {
            ImageReaderSpi spi = all.next();
            boolean monkeys = spi.getClass().getName().startsWith("com.twelvemonkeys");
            boolean jpeg = List.of(spi.getFormatNames()).contains("jpeg");
            if (jpeg && monkeys == (decoder == Decoder.TWELVE_MONKEYS)) {
                reader = spi.createReaderInstance();
            }
            if (monkeys && decoder != Decoder.TWELVE_MONKEYS) {
                found.add(spi);
            }
        }
        found.forEach(registry::deregisterServiceProvider);
    }

    private static boolean same(RgbImage ours, RgbImage theirs) {
        return ours.width() == theirs.width()
                && ours.height() == theirs.height()
                && java.util.Arrays.equals(ours.pixels(), theirs.pixels());
    }

    /** Decodes one image. */
    @Benchmark
    public RgbImage decode() throws IOException {
        next = (next + 1) % files.size();
        return decode(files.get(next));
    }

    private RgbImage decode(Path file) throws IOException {
        return switch (decoder) {
            case JDK_COMPONENTS -> ImageDecoder.decodeByJdk(Files.readAllBytes(file), ImageDecoder.MOST_PIXELS);
            case OPENCV ->
                OpenCvJpeg.decode(Files.readAllBytes(file), ImageDecoder.MOST_PIXELS)
                        .orElseThrow();
            case IMAGE_IO, TWELVE_MONKEYS -> imageIo(Files.readAllBytes(file));
        };
    }

    private RgbImage imageIo(byte[] bytes) throws IOException {
        reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(bytes)), true, true);
        BufferedImage image = reader.read(0);
        byte[] pixels;
        if (image.getType() == BufferedImage.TYPE_3BYTE_BGR) {
            pixels = ((DataBufferByte) image.getRaster().getDataBuffer())
                    .getData()
                    .clone();
            swapRedAndBlue(pixels);
        } else {
            pixels = new byte[3 * image.getWidth() * image.getHeight()];
            int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
            for (int i = 0; i < rgb.length; i++) {
                pixels[3 * i] = (byte) (rgb[i] >> 16);
                pixels[3 * i + 1] = (byte) (rgb[i] >> 8);
                pixels[3 * i + 2] = (byte) rgb[i];
            }
        }
        return new RgbImage(image.getWidth(), image.getHeight(), pixels);
    }

    private static void swapRedAndBlue(byte[] pixels) {
        for (int i = 0; i < pixels.length; i += 3) {
            byte blue = pixels[i];
            pixels[i] = pixels[i + 2];
            pixels[i + 2] = blue;
        }
    }
}
