package org.keeplora.data;

import java.util.zip.CRC32C;

/** The pixels of a file of many images of one size; immutable, shared by its {@link StoredImage}s. */
final class StoredImages {
    /** The order of the bytes of one image. */
    enum Layout {
        /** [height x width], one byte a pixel. */
        GREY(1),
        /** [3 x height x width]: all red, then all green, then all blue. */
        PLANES(RgbImage.CHANNELS);

        private final int bytesPerPixel;

        Layout(int bytesPerPixel) {
            this.bytesPerPixel = bytesPerPixel;
        }
    }

    private final int count;
    private final int width;
    private final int height;
    private final Layout layout;
    private final byte[] samples;
    private String stamp;

    /** @param samples [count x one image in {@code layout}] row-major, unsigned bytes; not copied */
    StoredImages(int count, int width, int height, Layout layout, byte[] samples) {
        this.count = count;
        this.width = width;
        this.height = height;
        this.layout = layout;
        this.samples = samples;
    }

    int count() {
        return count;
    }

    /** CRC-32C of all pixels, computed once. */
    synchronized String stamp() {
        if (stamp == null) {
            CRC32C checksum = new CRC32C();
            checksum.update(samples);
            stamp = Long.toHexString(checksum.getValue());
        }
        return stamp;
    }

    RgbImage image(int index) {
        int size = width * height;
        int from = index * size * layout.bytesPerPixel;
        int plane = layout == Layout.GREY ? 0 : size;
        byte[] pixels = new byte[size * RgbImage.CHANNELS];
        for (int i = 0, to = 0; i < size; i++) {
            pixels[to++] = samples[from + i];
            pixels[to++] = samples[from + plane + i];
            pixels[to++] = samples[from + 2 * plane + i];
        }
        return new RgbImage(width, height, pixels);
    }
}
