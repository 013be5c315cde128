package org.keeplora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.clip.Decoding;
import org.keeplora.clip.ImageSet;
import org.keeplora.clip.ImageTransform;
import org.keeplora.data.DatasetCatalog;
import org.keeplora.data.DatasetException;
import org.keeplora.data.DecodedCache;
import org.keeplora.data.ImageFile;
import org.keeplora.data.Item;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.distributed.ProcessThreads;
import org.keeplora.testing.MiniMtil;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchDevice;
import org.keeplora.torch.TorchShuffle;

@Tag("shared")
final class ImageSetTest {
    private static final int IMAGES = 60;
    private static final ImageTransform TRANSFORM = ImageTransform.openAi(48);

    private static List<Item> images() {
        return DatasetCatalog.open("EuroSAT", MiniMtil.root(), TorchShuffle::permutation)
                .train()
                .subList(0, IMAGES);
    }

    private static ImageSet decode(List<Item> items, ProcessGroup group) {
        Decoding decoding = new Decoding(items, TRANSFORM, 3, () -> {});
        return ImageSet.decode(decoding, Optional.empty(), TorchDevice.CPU, RunData.team(group));
    }

    @Test
    void decodesEveryImageOnce() {
        try (ImageSet set = decode(images(), ProcessGroup.SINGLE)) {
            assertEquals(IMAGES, set.size());
        }
    }

    @Test
    void aBrokenImageIsNamed(@TempDir Path folder) throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.jpg"), "no image");
        List<Item> items = new ArrayList<>(images());
        items.add(0, new Item(new ImageFile(broken, "broken.jpg"), 0));
        String message = assertThrows(DatasetException.class, () -> decode(items, ProcessGroup.SINGLE))
                .getMessage();
        assertTrue(message.startsWith(broken.toString()), message);
    }

    private static float[] pixels(ImageSet set) {
        try (PointerScope scope = new PointerScope()) {
            return Tensors.floats(set.pixels(new int[] {3, 0, IMAGES - 1, 3}));
        }
    }

    @Test
    void processesDecodePartsAndGetAllImages() throws Exception {
        float[] expected;
        try (ImageSet set = decode(images(), ProcessGroup.SINGLE)) {
            expected = pixels(set);
        }
        for (float[] actual : ProcessThreads.run(3, group -> {
            try (ImageSet set = decode(images(), group)) {
                return pixels(set);
            }
        })) {
            assertArrayEquals(expected, actual);
        }
    }

    private static ImageSet decode(List<Item> items, DecodedCache cache) {
        return ImageSet.decode(
                new Decoding(items, TRANSFORM, 3, () -> {}), Optional.of(cache), TorchDevice.CPU, Decoding.Team.ALONE);
    }

    @Test
    void theCacheGivesTheBytesThatWereDecoded(@TempDir Path folder) throws IOException {
        float[] expected;
        try (ImageSet set = decode(images(), ProcessGroup.SINGLE)) {
            expected = pixels(set);
        }
        DecodedCache cache = DecodedCache.in(folder, 1 << 20);
        for (int pass = 0; pass < 2; pass++) {
            try (ImageSet set = decode(images(), cache)) {
                assertArrayEquals(expected, pixels(set));
                assertEquals(IMAGES, set.size());
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void withoutRoomTheImagesAreHeldInMemory(@TempDir Path folder) throws IOException {
        try (ImageSet set = decode(images(), DecodedCache.in(folder, 1000))) {
            assertEquals(4 * 3 * 48 * 48, pixels(set).length);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void aBrokenImageLeavesNothingInTheCache(@TempDir Path folder) throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.jpg"), "no image");
        Path cached = Files.createDirectory(folder.resolve("cache"));
        List<Item> items = new ArrayList<>(images());
        items.add(0, new Item(new ImageFile(broken, "broken.jpg"), 0));
        String message = assertThrows(DatasetException.class, () -> decode(items, DecodedCache.in(cached, 1 << 20)))
                .getMessage();
        assertTrue(message.startsWith(broken.toString()), message);
        try (Stream<Path> files = Files.list(cached)) {
            assertEquals(0, files.count());
        }
    }
}
