package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stored images are returned byte for byte; damaged, changed or too large ones are not. */
final class DecodedCacheTest {
    private static final int COUNT = 7;
    private static final int IMAGE = 10;

    @TempDir
    Path folder;

    private static byte[][] images(long seed) {
        Random random = new Random(seed);
        byte[][] images = new byte[COUNT][IMAGE];
        for (byte[] image : images) {
            random.nextBytes(image);
        }
        return images;
    }

    private static DecodedImages store(DecodedCache cache, String key, byte[][] images) {
        return cache.store(key, COUNT, IMAGE, slot -> {
                    for (int i = COUNT - 1; i >= 0; i--) {
                        slot.put(i, ByteBuffer.wrap(images[i]));
                    }
                })
                .orElseThrow();
    }

    private static void assertHolds(byte[][] expected, DecodedImages actual) {
        assertEquals(COUNT, actual.count());
        for (int i = 0; i < COUNT; i++) {
            byte[] image = new byte[IMAGE];
            actual.copy(i, ByteBuffer.wrap(image));
            assertArrayEquals(expected[i], image, "image " + i);
        }
    }

    private Path only() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertEquals(1, all.size(), all.toString());
            return all.get(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 25, 1 << 20})
    void storedImagesComeBackHoweverTheyAreMapped(int segmentBytes) {
        DecodedCache cache = new DecodedCache(folder, 1000, segmentBytes);
        assertTrue(cache.find("k").isEmpty());
        assertHolds(images(1), store(cache, "k", images(1)));
        assertHolds(images(1), cache.find("k").orElseThrow());
        assertTrue(cache.find("other").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 69, 71, 75, 79, 83, 87})
    void aFlippedByteAnywhereIsFound(int position) throws IOException {
        DecodedCache cache = DecodedCache.in(folder, 1000);
        store(cache, "k", images(1));
        byte[] bytes = Files.readAllBytes(only());
        bytes[position] ^= 4;
        Files.write(only(), bytes);
        assertTrue(cache.find("k").isEmpty());
        assertFalse(Files.exists(folder.resolve("k.images")), "the damaged file is gone");
        assertHolds(images(2), store(cache, "k", images(2)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 50, 89})
    void aFileCutShortIsFound(int length) throws IOException {
        DecodedCache cache = DecodedCache.in(folder, 1000);
        store(cache, "k", images(1));
        byte[] bytes = Files.readAllBytes(only());
        Files.write(only(), java.util.Arrays.copyOf(bytes, length));
        assertTrue(cache.find("k").isEmpty());
    }

    @Test
    void theLeastRecentlyUsedIsDeletedFirst() throws IOException {
        DecodedCache cache = DecodedCache.in(folder, 200); // room for two files
        store(cache, "a", images(1));
        store(cache, "b", images(2));
        Files.setLastModifiedTime(folder.resolve("a.images"), FileTime.fromMillis(1000));
        Files.setLastModifiedTime(folder.resolve("b.images"), FileTime.fromMillis(2000));
        assertTrue(cache.find("a").isPresent(), "use counts");
        store(cache, "c", images(3));
        assertTrue(cache.find("b").isEmpty());
        assertTrue(cache.find("a").isPresent());
        assertTrue(cache.find("c").isPresent());
    }

    @Test
    void imagesLargerThanTheCacheAreNotStored() {
        assertTrue(DecodedCache.in(folder, 80)
                .store("k", COUNT, IMAGE, slot -> {
                    throw new AssertionError("nothing is decoded for it");
                })
                .isEmpty());
    }

    @Test
    void aFolderThatCannotBeWrittenIsNoError() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        DecodedCache cache = DecodedCache.in(file, 1000);
        assertTrue(cache.store("k", COUNT, IMAGE, slot -> {}).isEmpty());
    }

    @Test
    void aMappedFileMayBeDeleted() throws IOException {
        DecodedImages images = store(DecodedCache.in(folder, 1000), "k", images(1));
        Files.delete(only());
        assertHolds(images(1), images);
    }

    @Test
    void severalMayStoreTheSameAtOnce() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(4);
        try {
            List<Future<DecodedImages>> stored = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                stored.add(writers.submit(() -> store(DecodedCache.in(folder, 1000), "k", images(1))));
            }
            for (Future<DecodedImages> images : stored) {
                assertHolds(images(1), images.get());
            }
        } finally {
            writers.shutdownNow();
        }
        assertEquals("k.images", only().getFileName().toString());
    }

    @Test
    void aChangedImageHasAnotherKey() throws IOException {
        Path file = Files.writeString(folder.resolve("x.jpg"), "one");
        List<Item> items = List.of(new Item(new ImageFile(file, "x.jpg"), 0));
        String before = DecodedCache.key(items, "32");
        assertEquals(
                before,
                DecodedCache.key(List.of(new Item(new ImageFile(file, "x.jpg"), 1)), "32"),
                "labels do not count");
        assertNotEquals(before, DecodedCache.key(items, "48"));
        Files.writeString(file, "other");
        String changed = DecodedCache.key(items, "32");
        assertNotEquals(before, changed);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
        assertNotEquals(changed, DecodedCache.key(items, "32"));
        StoredImages grey = new StoredImages(2, 1, 1, StoredImages.Layout.GREY, new byte[] {1, 2});
        StoredImages other = new StoredImages(2, 1, 1, StoredImages.Layout.GREY, new byte[] {1, 3});
        assertNotEquals(
                DecodedCache.key(List.of(new Item(new StoredImage(grey, 0), 0)), "32"),
                DecodedCache.key(List.of(new Item(new StoredImage(other, 0), 0)), "32"));
    }
}
