package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.testing.MiniMtil;
import org.keeplora.testing.Shared;
import org.keeplora.torch.TorchShuffle;

/** Class names, prompts, items and order equal what the official loaders read from the same folders. */
@Tag("shared")
class OfficialLoadersTest {
    /** Hash of image 0 of the sample's training file, computed with numpy: planes to [32 x 32 x 3], as signed bytes. */
    private static final int FIRST_CIFAR_PIXELS = -1277394526;

    @TempDir
    Path temporary;

    @ParameterizedTest
    @MethodSource("org.keeplora.data.DatasetCatalog#names")
    void readsWhatTheOfficialLoaderReads(String name) throws IOException {
        JsonNode expected = expected(name);
        Path root = name.equals("SUN397") ? listedAsTheOfficialLoaderSaw(expected) : MiniMtil.root();
        Dataset dataset = DatasetCatalog.open(name, root, TorchShuffle::permutation);

        assertEquals(name, dataset.name());
        assertEquals(texts(expected.get("classnames")), dataset.classNames());
        assertEquals(expected.get("first_prompt").asText(), dataset.prompts().get(0));
        assertEquals(dataset.classNames().size(), dataset.prompts().size());
        assertEquals(items(expected.get("train")), items(dataset.train()));
        assertEquals(items(expected.get("test")), items(dataset.test()));
    }

    @Test
    void promptNamesItsOwnClass() {
        Dataset dataset = DatasetCatalog.open("eurosat", MiniMtil.root(), TorchShuffle::permutation);

        for (int label = 0; label < dataset.classNames().size(); label++) {
            assertEquals(
                    "a centered satellite photo of " + dataset.classNames().get(label) + ".",
                    dataset.prompts().get(label));
        }
    }

    @Test
    void everyTestImageDecodes() {
        for (String name : DatasetCatalog.names()) {
            Dataset dataset = DatasetCatalog.open(name, MiniMtil.root(), TorchShuffle::permutation);
            for (Item item : dataset.test()) {
                RgbImage image = item.image().read();
                assertTrue(
                        image.width() >= 28 && image.height() >= 28,
                        item.image().id());
            }
        }
    }

    @Test
    void storedDigitsAreGreyAndDiffer() {
        Dataset mnist = DatasetCatalog.open("MNIST", MiniMtil.root(), TorchShuffle::permutation);
        RgbImage first = mnist.train().get(0).image().read();

        assertEquals(28, first.width());
        assertEquals(28, first.height());
        for (int y = 0; y < 28; y++) {
            for (int x = 0; x < 28; x++) {
                assertEquals(first.sample(x, y, 0), first.sample(x, y, 1));
                assertEquals(first.sample(x, y, 0), first.sample(x, y, 2));
            }
        }
        assertNotEquals(
                Arrays.hashCode(first.pixels()),
                Arrays.hashCode(mnist.train().get(1).image().read().pixels()));
    }

    /**
     * Writes SUN397's images in the order of the directory listing on the machine where the expected values were made.
     */
    private Path listedAsTheOfficialLoaderSaw(JsonNode expected) throws IOException {
        List<String> split = new ArrayList<>(items(expected.get("train")));
        split.addAll(items(expected.get("test")));
        int[] permutation = TorchShuffle.permutation(split.size(), 42);
        String[] order = new String[split.size()];
        for (int i = 0; i < order.length; i++) {
            order[permutation[i]] = split.get(i).replaceAll("^SUN397/| \\d+$", "");
        }
        Path folder = Files.createDirectories(temporary.resolve("SUN397"));
        Files.copy(MiniMtil.root().resolve("SUN397/ClassName.txt"), folder.resolve("ClassName.txt"));
        Files.write(folder.resolve("image-order.txt"), List.of(order));
        return temporary;
    }

    @Test
    void scenesWithoutAListAreNumberedByPath() throws IOException {
        Dataset scenes = DatasetCatalog.open(
                "SUN397", MiniMtil.root(), (n, seed) -> IntStream.range(0, n).toArray());
        List<String> found = new ArrayList<>(items(scenes.train()));
        found.addAll(items(scenes.test()));
        JsonNode expected = expected("SUN397");
        List<String> official = new ArrayList<>(items(expected.get("train")));
        official.addAll(items(expected.get("test")));

        assertEquals(official.stream().sorted().toList(), found);
        assertEquals(320, scenes.train().size());
    }

    @Test
    void colourPlanesComeOutAsPixels() {
        RgbImage image = DatasetCatalog.open("CIFAR100", MiniMtil.root(), TorchShuffle::permutation)
                .train()
                .get(0)
                .image()
                .read();

        assertEquals(32, image.width());
        assertEquals(32, image.height());
        assertEquals(FIRST_CIFAR_PIXELS, Arrays.hashCode(image.pixels()));
    }

    @Test
    void everyDatasetHasItsTemplates() {
        List<Integer> counts = DatasetCatalog.names().stream()
                .map(name -> DatasetCatalog.open(name, MiniMtil.root(), TorchShuffle::permutation)
                        .templates()
                        .size())
                .toList();

        assertEquals(List.of(2, 34, 18, 8, 3, 1, 1, 1, 1, 9, 2), counts);
    }

    private static JsonNode expected(String name) throws IOException {
        return new ObjectMapper()
                .readTree(Shared.file("data/mtil-mini-expected.json").toFile())
                .get(name);
    }

    @Test
    void bothDecodersGiveTheSamePixels() throws IOException {
        int compared = 0;
        for (String name : List.of("Caltech101", "DTD", "EuroSAT", "StanfordCars", "OxfordPet")) {
            for (Item item : DatasetCatalog.open(name, MiniMtil.root(), TorchShuffle::permutation)
                    .test()) {
                byte[] bytes = Files.readAllBytes(((ImageFile) item.image()).path());
                RgbImage fast =
                        OpenCvJpeg.decode(bytes, ImageDecoder.MOST_PIXELS).orElseThrow();
                RgbImage slow = ImageDecoder.decodeByJdk(bytes, ImageDecoder.MOST_PIXELS);
                assertEquals(slow.width(), fast.width());
                assertArrayEquals(slow.pixels(), fast.pixels(), item.image().id());
                compared++;
            }
        }
        assertTrue(compared > 600, compared + " compared");
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    private static List<String> items(JsonNode array) {
        List<String> items = new ArrayList<>();
        array.forEach(item -> items.add(item.get(0).asText() + " " + item.get(1).asInt()));
        return items;
    }

    private static List<String> items(List<Item> items) {
        return items.stream()
                .map(item -> item.image().id() + " " + item.label())
                .toList();
    }
}
