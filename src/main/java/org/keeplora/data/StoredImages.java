package org.keeplora.data;

import java.util.zip.CRC32C;

/** The pixels of a file that holds many grey images of one size; shared by its {@link StoredImage}s, never changed. */
final class StoredImages {
    private final int count;
    private final int width;
    private final int height;
    private final byte[] grey;

    /** @param grey [count x height x width] row-major, unsigned bytes; not copied */
    StoredImages(int count, int width, int height, byte[] grey) {
        this.count = count;
        this.width = width;
        this.height = height;
        this.grey = grey;
    }

    int count() {
        return count;
    }

    /** CRC-32C of all pixels. */
    String stamp() {
        CRC32C checksum = new CRC32C();
        checksum.update(grey);
        return Long.toHexString(checksum.getValue());
    }

    RgbImage image(int index) {
        int size = width * height;
        byte[] pixels = new byte[size * RgbImage.CHANNELS];
        for (int i = 0, to = 0; i < size; i++) {
            byte value = grey[index * size + i];
            pixels[to++] = value;
            pixels[to++] = value;
            pixels[to++] = value;
        }
        return new RgbImage(width, height, pixels);
    }
}
