package org.keeplora.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** PyTorch archives made entry by entry, uncompressed as in PyTorch unless stated otherwise. */
final class TorchFile {
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private int method = ZipEntry.STORED;
    private String comment;

    private TorchFile() {}

    static TorchFile empty() {
        return new TorchFile();
    }

    /** An archive with the given data.pkl, and a storage {@code data/0} of two F32 values. */
    static TorchFile of(String pickle) {
        return empty().with("archive/data.pkl", latin(pickle)).with("archive/data/0", new byte[8]);
    }

    /** A pickle of one F32 tensor {@code w} in storage 0, of one dimension; shape and stride are single digits. */
    static String tensor(String shape, String stride) {
        return tensor("K\u0000", one(shape), one(stride));
    }

    /** As above, each part as opcodes that push it. */
    static String tensor(String offset, String shape, String strides) {
        return "\u0080\u0002}U\u0001wctorch._utils\n_rebuild_tensor_v2\n((U\u0007storagectorch\nFloatStorage\nU\u00010U\u0003cpuK\u0002tQ"
                + offset + shape + strides + "\u0089}tRs.";
    }

    private static String one(String digit) {
        return "K" + (char) Integer.parseInt(digit) + "\u0085";
    }

    static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** {@code zip} with an end that announces a comment of 28,416 bytes, which are missing. */
    static byte[] commented(byte[] zip) {
        byte[] changed = zip.clone();
        changed[zip.length - 1] = 0x6f;
        return changed;
    }

    /** {@code zip} with all occurrences of {@code from} replaced by {@code to}, of the same length. */
    static byte[] renamed(byte[] zip, String from, String to) {
        return latin(new String(zip, StandardCharsets.ISO_8859_1).replace(from, to));
    }

    TorchFile with(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    /** An archive whose entries have a comment that is not valid UTF-8. */
    static byte[] illegible() {
        TorchFile archive = of("}.");
        archive.comment = "comment";
        return renamed(archive.bytes(), archive.comment, "comm\u0080nt");
    }

    TorchFile deflated() {
        method = ZipEntry.DEFLATED;
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey());
                CRC32 checksum = new CRC32();
                checksum.update(entry.getValue());
                header.setMethod(method);
                header.setSize(entry.getValue().length);
                header.setCrc(checksum.getValue());
                header.setTime(0);
                header.setComment(comment);
                zip.putNextEntry(header);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
