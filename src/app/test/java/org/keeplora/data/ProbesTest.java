package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.testing.SharedArchive;

/** Data sets with a test half only. */
@Tag("shared")
class ProbesTest {
    @TempDir
    Path root;

    @Test
    void generalProbe() {
        Path folder = SharedArchive.folder("general-probe");

        Dataset probe = DatasetCatalog.open("general-probe", folder.getParent(), ProbesTest::none);

        assertEquals(List.of(), probe.train());
        assertEquals(2_000, probe.test().size());
        assertEquals(200, probe.classNames().size());
        assertEquals("a photo of a goldfish.", probe.prompts().get(0));
        assertEquals(
                "general-probe/test/n01443537 goldfish/01.jpg",
                probe.test().get(0).image().id());
        for (int i = 0; i < 2_000; i++) {
            assertEquals(i / 10, probe.test().get(i).label());
        }
        assertEquals(64, probe.test().get(1_999).image().read().width());
    }

    @Test
    void imageNetTakesTheFirstSynonym() throws IOException {
        write("imagenet/LOC_synset_mapping.txt", "n01440764 tench, Tinca tinca\nn01443537 goldfish\n");
        write("imagenet/val/n01440764/ILSVRC2012_val_00000293.JPEG", "");
        write("imagenet/val/n01443537/ILSVRC2012_val_00000236.JPEG", "");

        Dataset probe = DatasetCatalog.open("ImageNet", root, ProbesTest::none);

        assertEquals(List.of("tench", "goldfish"), probe.classNames());
        assertEquals(1, probe.test().get(1).label());
        write("imagenet/classes.tsv", "\ufeffn01443537\tgold fish\n");
        assertEquals(
                List.of("gold fish"),
                DatasetCatalog.open("ImageNet", root, ProbesTest::none).classNames());
    }

    @Test
    void namesMissingOrListedTwice() throws IOException {
        write("imagenet/val/n01440764/1.JPEG", "");
        assertError(
                "imagenet/classes.tsv: class names not found; put there one line per class: folder, tab, name (or ImageNet's LOC_synset_mapping.txt beside it)");
        write("imagenet/classes.tsv", "n01440764\ttench\nn01440764\tshark\n");
        assertError(
                "imagenet/classes.tsv: line 2: folder \"n01440764\" is listed twice; correct the line or unpack the data set again");
        write("imagenet/classes.tsv", "n01440765\ttench\n");
        assertError(
                "imagenet/val/n01440765: class folder not found (the data set has 1 classes); unpack the data set again or correct the folder's name");
    }

    private static int[] none(int n, long seed) {
        throw new AssertionError("a probe has no random split");
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void assertError(String message) {
        var error = assertThrows(DatasetException.class, () -> DatasetCatalog.open("ImageNet", root, ProbesTest::none));
        assertEquals(root + "/" + message, error.getMessage());
    }
}
