package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.data.DataCheck.Depth;
import org.keeplora.data.DataCheck.Half;
import org.keeplora.data.DataCheck.State;
import org.keeplora.testing.MiniMtil;
import org.keeplora.testing.Refused;
import org.keeplora.testing.SharedArchive;
import org.keeplora.torch.TorchShuffle;

/** The results of a check for complete, shrunk, damaged and absent data sets. */
@Tag("shared")
class DataCheckTest {
    @TempDir
    Path root;

    @ParameterizedTest
    @MethodSource("org.keeplora.data.DatasetCatalog#names")
    void theSampleIsReadable(String name) {
        DataCheck.Result result = DataCheck.of(name, MiniMtil.root(), TorchShuffle::permutation);

        assertEquals(State.READABLE, result.state(), result.advice());
        assertEquals("", result.advice());
        Dataset dataset = DatasetCatalog.open(name, MiniMtil.root(), TorchShuffle::permutation);
        assertEquals(dataset.train().size(), result.images().train().found());
        assertEquals(dataset.test().size(), result.images().test().found());
    }

    @Test
    void theGeneralProbeIsComplete() {
        Path folder = SharedArchive.folder("general-probe").getParent();

        DataCheck.Result result = DataCheck.of("general-probe", folder, TorchShuffle::permutation, Depth.DECODE);

        assertEquals(State.COMPLETE, result.state(), result.advice());
        assertFound(2_000, 2_000, result.images().test());
        assertFound(0, 0, result.images().train());
    }

    @Test
    void missingBrokenAndCutShort() throws IOException {
        textures();

        DataCheck.Result quick = check(Depth.HEADERS);
        assertEquals(State.DAMAGED, quick.state());
        assertEquals(
                List.of("dtd/dtd/images/banded/missing.jpg"), quick.images().missing());
        assertEquals(List.of("dtd/dtd/images/banded/page.jpg"), quick.images().unreadable());
        assertFound(1, 1_880, quick.images().train());
        assertFound(1, 1_880, quick.images().test());
        assertEquals("unpack it again: no dtd/dtd/images/banded/missing.jpg", quick.advice());

        DataCheck.Result deep = check(Depth.DECODE);
        assertEquals(
                List.of("dtd/dtd/images/banded/page.jpg", "dtd/dtd/images/banded/short.jpg"),
                deep.images().unreadable());
        assertFound(0, 1_880, deep.images().test());
        Files.copy(image("good.jpg"), image("missing.jpg"));
        assertEquals(
                "replace dtd/dtd/images/banded/page.jpg and others",
                check(Depth.DECODE).advice());
    }

    @Test
    void absentOrUnusable() throws IOException {
        DataCheck.Result absent = check(Depth.HEADERS);
        assertEquals(State.ABSENT, absent.state());
        assertEquals("put the data set into " + root.resolve("dtd/dtd"), absent.advice());
        Files.createDirectories(root.resolve("dtd/dtd"));

        DataCheck.Result unusable = check(Depth.HEADERS);
        assertEquals(State.UNUSABLE, unusable.state());
        assertEquals(
                root.resolve("dtd/dtd/labels/train1.txt") + ": list file not found; unpack the data set again",
                unusable.advice());
        assertThrows(DatasetException.class, () -> DataCheck.of("DTT", root, TorchShuffle::permutation));
        Path missing = root.resolve("nowhere");
        assertThrows(DatasetException.class, () -> DataCheck.of("DTD", missing, TorchShuffle::permutation));
    }

    @Test
    void officialSizes() {
        List<Integer> images = DatasetCatalog.names().stream()
                .map(name -> DatasetCatalog.row(name).size())
                .map(size -> size.train() + size.test())
                .toList();

        assertEquals(
                List.of(6_667, 8_677, 60_000, 3_760, 27_000, 7_169, 101_000, 70_000, 7_349, 16_185, 108_754), images);
        assertEquals(87_003, DatasetCatalog.row("SUN397").size().train());
        assertEquals(6_941, DatasetCatalog.row("Caltech101").size().train());
    }

    private void textures() throws IOException {
        Path labels = Files.createDirectories(root.resolve("dtd/dtd/labels"));
        Files.createDirectories(root.resolve("dtd/dtd/images/banded"));
        Files.write(labels.resolve("train1.txt"), List.of("banded/good.jpg", "banded/missing.jpg", "banded/page.jpg"));
        Files.write(labels.resolve("test1.txt"), List.of("banded/short.jpg"));
        ImageIO.write(
                new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB),
                "jpg",
                image("good.jpg").toFile());
        Files.writeString(image("page.jpg"), "<html>not found</html>");
        byte[] whole = Files.readAllBytes(image("good.jpg"));
        Files.write(image("short.jpg"), Arrays.copyOf(whole, whole.length / 2));
    }

    private Path image(String name) {
        return root.resolve("dtd/dtd/images/banded").resolve(name);
    }

    private DataCheck.Result check(Depth depth) {
        return DataCheck.of("DTD", root, TorchShuffle::permutation, depth);
    }

    private DataCheck.Result table(Depth depth) {
        return DataCheck.of(new OwnData("Own", OwnData.Format.CSV, root.resolve("own.csv"), "{}"), depth);
    }

    @Test
    void ownDataset() throws IOException {
        Files.write(root.resolve("good.webp"), OtherKindsTest.LOSSLESS_WEBP);
        Files.writeString(root.resolve("page.jpg"), "<html>");
        String rows = "split,path,class\ntrain,good.webp,a\ntest,good.webp,a\nval,x,a\n";
        Files.writeString(root.resolve("own.csv"), rows);

        DataCheck.Result whole = table(Depth.DECODE);
        assertEquals(State.COMPLETE, whole.state());
        assertFound(1, 1, whole.images().train());
        assertEquals("left out 1 file: 1 for validation", whole.leftOut().text());

        Files.writeString(root.resolve("own.csv"), rows + "train,page.jpg,a\ntrain,gone.jpg,a\n");
        DataCheck.Result damaged = table(Depth.HEADERS);
        assertEquals(State.DAMAGED, damaged.state());
        assertFound(1, 3, damaged.images().train());
        assertEquals(List.of("gone.jpg"), damaged.images().missing());
        assertEquals(List.of("page.jpg"), damaged.images().unreadable());
        assertEquals("put it there or correct the table: no gone.jpg", damaged.advice());

        Files.delete(root.resolve("own.csv"));
        DataCheck.Result unusable = table(Depth.HEADERS);
        assertEquals(State.UNUSABLE, unusable.state());
        assertEquals(root.resolve("own.csv") + ": table not found; correct the path", unusable.advice());
    }

    @Test
    void filesThatAreNoImagesAreNamedBeforeARun() throws IOException {
        for (String name : List.of("1.jpg", "2.jpg", "3.jpg", "4.jpg")) {
            Path folder = Files.createDirectories(root.resolve(name.equals("4.jpg") ? "test/a" : "train/a"));
            Files.writeString(folder.resolve(name), "<html>");
        }
        Files.write(root.resolve("test/a/5.jpg"), OtherKindsTest.LOSSLESS_WEBP);
        Dataset own = DatasetCatalog.open(new OwnData("Own", OwnData.Format.FOLDER, root, "{}"));
        Refused.with(
                DatasetException.class,
                root,
                "Own: 4 of its 5 files cannot be read, or their content is none of JPEG, PNG, BMP, GIF, TIFF, WebP, PPM, PGM:"
                        + " train/a/1.jpg, train/a/2.jpg, train/a/3.jpg and others; replace or remove them",
                () -> DataCheck.requireImages(own));
    }

    private static void assertFound(int found, int expected, Half half) {
        assertEquals(List.of(found, expected), List.of(half.found(), half.expected()));
    }
}
