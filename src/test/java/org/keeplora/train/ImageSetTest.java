package org.keeplora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.MiniMtil;
import org.keeplora.clip.ImageTransform;
import org.keeplora.clip.TorchShuffle;
import org.keeplora.data.DatasetCatalog;
import org.keeplora.data.ImageFile;
import org.keeplora.data.Item;

final class ImageSetTest {
    private static final int IMAGES = 60;
    private static final ImageTransform TRANSFORM = new ImageTransform(48);

    private static List<Item> images() {
        return DatasetCatalog.open("EuroSAT", MiniMtil.root(), TorchShuffle::permutation)
                .train()
                .subList(0, IMAGES);
    }

    @Test
    void decodesEveryImageOnce() {
        try (ImageSet set = ImageSet.decode(images(), TRANSFORM, 3, RunProgress.SILENT)) {
            assertEquals(IMAGES, set.size());
        }
    }

    /** Freed too early, the memory that another worker still decodes into would end the whole process. */
    @Test
    void aBrokenImageEndsDecodingWhenNoWorkerIsAtWork(@TempDir Path folder) throws Exception {
        Path broken = Files.writeString(folder.resolve("broken.jpg"), "no image");
        Path slow = folder.resolve("slow.jpg");
        assumeTrue(new ProcessBuilder("mkfifo", slow.toString()).start().waitFor() == 0, "no named pipes here");
        List<Item> items =
                List.of(new Item(new ImageFile(broken, "broken.jpg"), 0), new Item(new ImageFile(slow, "slow.jpg"), 0));
        CompletableFuture<ImageSet> decoding =
                CompletableFuture.supplyAsync(() -> ImageSet.decode(items, TRANSFORM, 2, RunProgress.SILENT));
        try (OutputStream pipe = Files.newOutputStream(slow)) { // opens when the second worker has begun to read
            assertThrows(TimeoutException.class, () -> decoding.get(300, TimeUnit.MILLISECONDS));
        }
        Throwable cause = assertThrows(ExecutionException.class, () -> decoding.get(20, TimeUnit.SECONDS))
                .getCause();
        assertTrue(cause.getMessage().startsWith(broken.toString()), cause.getMessage());
    }
}
