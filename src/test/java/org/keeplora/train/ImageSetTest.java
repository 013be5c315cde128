package org.keeplora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    @Test
    void aBrokenImageIsNamed(@TempDir Path folder) throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.jpg"), "no image");
        List<Item> items = new ArrayList<>(images());
        items.add(0, new Item(new ImageFile(broken, "broken.jpg"), 0));
        String message = assertThrows(
                        IllegalArgumentException.class, () -> ImageSet.decode(items, TRANSFORM, 4, RunProgress.SILENT))
                .getMessage();
        assertTrue(message.startsWith(broken.toString()), message);
    }
}
