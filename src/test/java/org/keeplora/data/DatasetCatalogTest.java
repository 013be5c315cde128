package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.MiniMtil;
import org.keeplora.Shared;
import org.keeplora.clip.TorchShuffle;

/** What the official loaders read from the small MTIL tree, and images of every kind. */
final class DatasetCatalogTest {
    @TempDir
    Path folder;

    static List<String> names() {
        return DatasetCatalog.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void readsWhatTheOfficialLoadersRead(String name) throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(Shared.file("data/mtil-mini-expected.json").toFile())
                .get(name);
        Dataset dataset = DatasetCatalog.open(name, MiniMtil.root(), TorchShuffle::permutation);
        List<String> classNames = new ArrayList<>();
        expected.get("classnames").forEach(className -> classNames.add(className.asText()));
        assertEquals(classNames, dataset.classNames());
        assertEquals(expected.get("first_prompt").asText(), dataset.prompts().get(0));
        assertEquals(items(expected.get("train")), items(dataset.train()));
        assertEquals(items(expected.get("test")), items(dataset.test()));
        RgbImage first = dataset.test().get(0).image().read();
        assertTrue(first.width() > 0 && first.height() > 0);
    }

    private static List<String> items(JsonNode items) {
        List<String> lines = new ArrayList<>();
        items.forEach(item -> lines.add(item.get(0).asText() + " " + item.get(1).asInt()));
        return lines;
    }

    private static List<String> items(List<Item> items) {
        return items.stream()
                .map(item -> item.image().id() + " " + item.label())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        BufferedImage.TYPE_BYTE_GRAY + ", 100 100 100",
        BufferedImage.TYPE_INT_RGB + ", 200 100 50",
        BufferedImage.TYPE_4BYTE_ABGR + ", 200 100 50",
        BufferedImage.TYPE_BYTE_INDEXED + ", 204 102 51"
    })
    void everyKindOfPngBecomesRgb(int type, String expected) throws IOException {
        BufferedImage image = new BufferedImage(3, 2, type);
        if (type == BufferedImage.TYPE_BYTE_GRAY) {
            for (int i = 0; i < 6; i++) {
                image.getRaster().setSample(i % 3, i / 3, 0, 100);
            }
        } else {
            int alpha = type == BufferedImage.TYPE_4BYTE_ABGR ? 128 : 255;
            for (int i = 0; i < 6; i++) {
                image.setRGB(i % 3, i / 3, new Color(200, 100, 50, alpha).getRGB());
            }
        }
        ImageIO.write(image, "png", folder.resolve("a.png").toFile());
        RgbImage read = new ImageFile(folder, "a.png").read();
        assertEquals(3, read.width());
        byte[] pixel = {read.pixels()[0], read.pixels()[1], read.pixels()[2]};
        assertEquals(expected, (pixel[0] & 0xff) + " " + (pixel[1] & 0xff) + " " + (pixel[2] & 0xff));
    }

    @Test
    void problemsSayWhatAndWhereAndWhatToDo() throws IOException {
        Files.writeString(folder.resolve("bad.jpg"), "no image");
        assertProblem("bad.jpg: not an image", () -> new ImageFile(folder, "bad.jpg").read());
        assertProblem("gone.jpg: cannot be decoded", () -> new ImageFile(folder, "gone.jpg").read());
        assertProblem("unknown data set 'Cifar'; known are Caltech101, EuroSAT, MNIST", () -> open("Cifar"));
        assertProblem("AnnualCrop: no such folder", () -> open("EuroSAT"));
        Files.createDirectories(folder.resolve("eurosat/2750/AnnualCrop"));
        assertProblem("AnnualCrop: no JPEG or PNG image", () -> open("EuroSAT"));
        assertProblem("train-labels-idx1-ubyte: no such file", () -> open("MNIST"));
        Files.createDirectories(folder.resolve("MNIST/raw"));
        Files.write(folder.resolve("MNIST/raw/train-labels-idx1-ubyte"), new byte[] {0, 0, 8, 1, 0, 0, 0, 2, 7});
        assertProblem("9 bytes but its header asks for 10", () -> open("MNIST"));
    }

    private void open(String name) {
        DatasetCatalog.open(name, folder, (n, seed) -> IntStream.range(0, n).toArray());
    }

    private static void assertProblem(String part, org.junit.jupiter.api.function.Executable reading) {
        String message = assertThrows(DatasetProblem.class, reading).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void batchesHoldEveryIndexOnceAndRepeatWithTheirSeed() {
        long seed = new SplittableRandom().nextLong();
        List<int[]> batches = Batches.shuffled(103, 10, seed);
        assertEquals(11, batches.size());
        assertEquals(3, batches.get(10).length, "seed " + seed);
        int[] sorted = batches.stream().flatMapToInt(IntStream::of).sorted().toArray();
        assertArrayEquals(IntStream.range(0, 103).toArray(), sorted, "seed " + seed);
        for (int i = 0; i < batches.size(); i++) {
            assertArrayEquals(batches.get(i), Batches.shuffled(103, 10, seed).get(i), "seed " + seed);
        }
        assertArrayEquals(new int[] {0, 1, 2}, Batches.inOrder(5, 3).get(0));
        assertEquals(0, Batches.inOrder(0, 3).size());
    }
}
