package org.keeplora.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Logger;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Decoded images on disk, one file per split. The next run maps the file instead of decoding again. Everything in the
 * folder may be deleted at any time; a damaged file is deleted and made again.
 *
 * <p>A file holds the images, then a trailer: magic number, image count, bytes per image, CRC-32C of the images,
 * CRC-32C of the preceding part of the trailer. A file gets its name only when it is complete, so several processes may
 * use one folder.
 */
public final class DecodedCache {
    private static final Logger LOG = Logger.getLogger(DecodedCache.class.getName());
    /** Raised when the decoding or the file format changes, so that old files are not used. */
    private static final String FORMAT = "decoded images 1";

    private static final String ENDING = ".images";
    private static final int MAGIC = 0x4b4c4443;
    private static final int TRAILER = 3 * Integer.BYTES + 2 * Integer.BYTES;
    private static final int SEGMENT = 1 << 30;

    private final Path folder;
    private final long cap;
    private final int segmentBytes;

    DecodedCache(Path folder, long cap, int segmentBytes) {
        this.folder = folder;
        this.cap = cap;
        this.segmentBytes = segmentBytes;
    }

    /**
     * The cache in {@code folder}, which is created at the first {@link #store}.
     *
     * @param cap limit in bytes for all files together; the least recently used files are deleted first
     */
    public static DecodedCache in(Path folder, long cap) {
        return new DecodedCache(folder, cap, SEGMENT);
    }

    /**
     * The key of the decoded {@code items}, from every image's name, size and modification time.
     *
     * @param geometry how the images are resized and cropped; equal texts must mean equal pixels
     */
    public static String key(List<Item> items, String geometry) {
        return ItemDigest.of(
                FORMAT + "\n" + geometry, items, item -> item.image().stamp());
    }

    /** The images stored under {@code key}, after a check; empty when there are none or they are damaged. */
    public Optional<DecodedImages> find(String key) {
        Path file = file(key);
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer trailer = trailer(channel);
            int count = trailer.getInt();
            int imageBytes = trailer.getInt();
            int checksum = trailer.getInt();
            if (count < 0 || imageBytes < 1 || channel.size() != (long) count * imageBytes + TRAILER) {
                throw new IOException("its size is not what its trailer says");
            }
            DecodedImages images = new DecodedImages(channel, count, imageBytes, segmentBytes);
            if (checksum(images) != checksum) {
                throw new IOException("its checksum is wrong");
            }
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            return Optional.of(images);
        } catch (java.nio.file.NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warning(() ->
                    file + ": decoded images cannot be used (" + DatasetException.reason(e) + "); decoding again");
            delete(file);
            return Optional.empty();
        }
    }

    private Path file(String key) {
        return folder.resolve(key + ENDING);
    }

    private static ByteBuffer trailer(FileChannel channel) throws IOException {
        ByteBuffer trailer = ByteBuffer.allocate(TRAILER);
        long position = channel.size() - TRAILER;
        if (position < 0 || channel.read(trailer, position) < TRAILER) {
            throw new IOException("it is cut short");
        }
        trailer.flip();
        CRC32C checksum = new CRC32C();
        checksum.update(trailer.slice(0, TRAILER - Integer.BYTES));
        if (trailer.getInt(TRAILER - Integer.BYTES) != (int) checksum.getValue() || trailer.getInt() != MAGIC) {
            throw new IOException("its trailer is damaged");
        }
        return trailer;
    }

    private static int checksum(DecodedImages images) {
        CRC32C checksum = new CRC32C();
        images.segments().forEach(segment -> checksum.update(segment.duplicate()));
        return (int) checksum.getValue();
    }

    /** Decodes all images; runs on the caller's own threads. */
    @FunctionalInterface
    public interface Filling {
        /**
         * Writes every image through {@code slot}, in any order and from any thread.
         *
         * @throws IOException as {@code slot} throws it
         */
        void fill(Slot slot) throws IOException;
    }

    /** Takes the bytes of one image. */
    @FunctionalInterface
    public interface Slot {
        void put(int index, ByteBuffer image) throws IOException;
    }

    /**
     * Stores {@code count} images and returns them mapped; empty when they exceed the cache's limit or the disk refuses
     * them.
     *
     * @param filling called once, unless the images are too large
     */
    public Optional<DecodedImages> store(String key, int count, int imageBytes, Filling filling) {
        long bytes = (long) count * imageBytes + TRAILER;
        if (bytes > cap) {
            return Optional.empty();
        }
        Path part = folder.resolve("." + key + "." + UUID.randomUUID() + ".part");
        try {
            Files.createDirectories(folder);
            makeRoom(bytes);
            try (FileChannel channel = FileChannel.open(
                    part, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                filling.fill((index, image) -> writeAll(channel, image, (long) index * imageBytes));
                DecodedImages images = new DecodedImages(channel, count, imageBytes, segmentBytes);
                writeAll(channel, trailer(count, imageBytes, checksum(images)), bytes - TRAILER);
                channel.force(true);
                Files.move(part, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return Optional.of(images);
            }
        } catch (IOException e) {
            LOG.warning(() -> folder + ": decoded images are not kept (" + DatasetException.reason(e) + ")");
            return Optional.empty();
        } finally {
            delete(part);
        }
    }

    private static ByteBuffer trailer(int count, int imageBytes, int imagesChecksum) {
        ByteBuffer trailer = ByteBuffer.allocate(TRAILER);
        trailer.putInt(MAGIC).putInt(count).putInt(imageBytes).putInt(imagesChecksum);
        CRC32C checksum = new CRC32C();
        checksum.update(trailer.slice(0, TRAILER - Integer.BYTES));
        return trailer.putInt((int) checksum.getValue()).flip();
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /** Deletes the least recently used files until {@code bytes} more fit below the limit. */
    private void makeRoom(long bytes) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(file -> file.toString().endsWith(ENDING)).forEach(files::add);
        }
        files.sort(Comparator.comparing(DecodedCache::lastUse));
        long used = files.stream().mapToLong(DecodedCache::size).sum();
        for (Path file : files) {
            if (used + bytes <= cap) {
                return;
            }
            used -= size(file);
            delete(file);
        }
    }

    private static FileTime lastUse(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) { // another process deleted the file
            return FileTime.fromMillis(0);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) { // another process deleted the file
            return 0;
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warning(() -> file + ": cannot be deleted (" + DatasetException.reason(e) + ")");
        }
    }
}
