package org.keeplora.store;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The entries of a PyTorch zip archive. They are read into memory by name and never written to disk, so a hostile name
 * can do no harm.
 */
final class TorchZip implements AutoCloseable {
    /** Size in bytes up to which any compression ratio is accepted; above it, {@link #HIGHEST_RATIO} holds. */
    private static final long UNCHECKED_BYTES = 1 << 20;
    /** Highest compression ratio. PyTorch does not compress tensors at all, and compressing them later gains little. */
    private static final long HIGHEST_RATIO = 100;

    private final Path file;
    private final ZipFile zip;

    private TorchZip(Path file, ZipFile zip) {
        this.file = file;
        this.zip = zip;
    }

    /** @throws BadFile when {@code file} is not a complete zip archive */
    static TorchZip open(Path file) {
        try {
            return new TorchZip(file, new ZipFile(file.toFile()));
        } catch (ZipException
                | EOFException
                | IllegalArgumentException e) { // the last for names that are not valid text
            throw new BadFile(
                    file, "not a complete zip archive; fetch it again", e); // each JDK words the reason otherwise
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * All names.
     *
     * @throws BadFile when a name occurs twice
     */
    List<String> names() {
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        try {
            zip.stream().map(ZipEntry::getName).forEach(names::add);
        } catch (IllegalArgumentException e) { // names were checked when the archive was opened, comments were not
            throw new BadFile(file, "not a complete zip archive; fetch it again", e);
        }
        for (String name : names) {
            if (!seen.add(name)) {
                throw new BadFile(file, "holds the entry " + name + " twice; fetch it again");
            }
        }
        return names;
    }

    /**
     * The content of entry {@code name}, checked against its CRC-32.
     *
     * @param what the entry is; for messages
     * @param most limit for its size in bytes
     */
    byte[] read(String name, String what, int most) {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new BadFile(file, what + " is missing from the archive; fetch it again");
        }
        if (entry.getSize() > most) {
            throw new BadFile(
                    file,
                    what + " has " + entry.getSize() + " bytes; at most " + most + " can be read, give another file");
        }
        if (entry.getSize() > Math.max(UNCHECKED_BYTES, HIGHEST_RATIO * entry.getCompressedSize())) {
            throw new BadFile(
                    file,
                    String.format(
                            Locale.ROOT,
                            "%s unpacks from %d to %d bytes, more than %d-fold: not what PyTorch writes; fetch it again",
                            what,
                            entry.getCompressedSize(),
                            entry.getSize(),
                            HIGHEST_RATIO));
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] content = in.readNBytes((int) entry.getSize());
            CRC32 checksum = new CRC32();
            checksum.update(content);
            if (content.length != entry.getSize() || checksum.getValue() != entry.getCrc()) {
                throw new BadFile(file, what + " is damaged, its checksum is wrong; fetch it again");
            }
            return content;
        } catch (ZipException | EOFException e) {
            throw new BadFile(file, what + " is damaged (" + e.getMessage() + "); fetch it again", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be closed: " + e.getMessage(), e);
        }
    }
}
