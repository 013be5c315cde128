package org.keeplora.data;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** PNG files written byte by byte, so that every colour kind of the format can be made with known samples. */
final class PngFile {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};

    /** Colour types of the format. */
    enum Kind {
        GREY(0),
        RGB(2),
        PALETTE(3),
        GREY_ALPHA(4),
        RGBA(6);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final int height;

    PngFile(Kind kind, int bits, int width, int height) {
        this.height = height;
        out.writeBytes(SIGNATURE);
        chunk(
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) bits)
                        .put((byte) kind.code)
                        .array());
    }

    /** Adds a chunk before the pixels: {@code PLTE}, {@code tRNS}, {@code gAMA}. */
    PngFile with(String type, int... data) {
        chunk(type, bytes(data));
        return this;
    }

    /** @param packed the scan lines as the format packs them, without filter bytes */
    byte[] pixels(int... packed) {
        byte[] lines = bytes(packed);
        int stride = lines.length / height;
        ByteBuffer filtered = ByteBuffer.allocate(lines.length + height);
        for (int y = 0; y < height; y++) {
            filtered.put((byte) 0).put(lines, y * stride, stride);
        }
        chunk("IDAT", deflated(filtered.array()));
        chunk("IEND", new byte[0]);
        return out.toByteArray();
    }

    private void chunk(String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 check = new CRC32();
        check.update(name);
        check.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) check.getValue()).array());
    }

    private static byte[] deflated(byte[] data) {
        Deflater deflater = new Deflater();
        deflater.setInput(data);
        deflater.finish();
        byte[] buffer = new byte[data.length + 100];
        int length = deflater.deflate(buffer);
        deflater.end();
        return ByteBuffer.allocate(length).put(buffer, 0, length).array();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
