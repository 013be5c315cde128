package org.keeplora.data;

import javax.imageio.IIOException;

/**
 * Decodes PGM and PPM files: {@code P2} and {@code P3} as text, {@code P5} and {@code P6} binary. Samples of up to 16
 * bits are scaled to 0 .. 255 and rounded, as in PIL (except 16-bit grey, which PIL clips; see {@link RasterColors}).
 */
final class PortableMap {
    private static final int MOST_SAMPLE = 0xffff;
    private static final int WHITE = 0xff;
    private static final int MOST_DIGITS = 9;

    private final byte[] bytes;
    private int at = 2;

    private PortableMap(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * @param bytes a file of {@link ImageKind#PORTABLE_MAP}
     * @throws IIOException when it is cut short, damaged, or not an image of at most {@code mostPixels}
     */
    static RgbImage decode(byte[] bytes, long mostPixels) throws IIOException {
        char kind = (char) bytes[1];
        boolean text = kind == '2' || kind == '3';
        return new PortableMap(bytes).image(text, kind == '2' || kind == '5', mostPixels);
    }

    private RgbImage image(boolean text, boolean grey, long mostPixels) throws IIOException {
        int width = number();
        int height = number();
        ImageDecoder.requireSize(width, height, mostPixels);
        int most = number();
        if (most < 1 || most > MOST_SAMPLE) {
            throw new IIOException("largest sample is " + most + ", not 1 to " + MOST_SAMPLE);
        }
        at++; // one white-space character
        int channels = grey ? 1 : RgbImage.CHANNELS;
        int sampleBytes = most > WHITE ? 2 : 1;
        long samples = (long) width * height * channels;
        if (bytes.length - at < (text ? 2 * samples - 1 : samples * sampleBytes)) {
            throw new IIOException("the file is cut short");
        }
        byte[] pixels = new byte[width * height * RgbImage.CHANNELS];
        for (int to = 0; to < pixels.length; to += grey ? RgbImage.CHANNELS : 1) {
            byte value = scaled(text ? number() : sample(sampleBytes), most);
            pixels[to] = value;
            if (grey) {
                pixels[to + 1] = value;
                pixels[to + 2] = value;
            }
        }
        return new RgbImage(width, height, pixels);
    }

    private int sample(int sampleBytes) {
        int high = sampleBytes == 2 ? (bytes[at++] & WHITE) << 8 : 0;
        return high | bytes[at++] & WHITE;
    }

    private static byte scaled(int sample, int most) {
        return (byte) Math.min(WHITE, Math.rint((double) sample / most * WHITE));
    }

    /** The next number, after white space and comments; moves the position behind it. */
    private int number() throws IIOException {
        skipSpace();
        int begin = at;
        int number = 0;
        while (at < bytes.length && Character.isDigit(bytes[at]) && at - begin < MOST_DIGITS) {
            number = 10 * number + bytes[at++] - '0';
        }
        if (at == begin) {
            throw new IIOException(at < bytes.length ? "no number at byte " + at : "the file is cut short");
        }
        return number;
    }

    private void skipSpace() {
        boolean comment = false;
        while (at < bytes.length && (comment || bytes[at] == '#' || Character.isWhitespace(bytes[at]))) {
            comment = bytes[at] == '#' || comment && bytes[at] != '\n' && bytes[at] != '\r';
            at++;
        }
    }
}
