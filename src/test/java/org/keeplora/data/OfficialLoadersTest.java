package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.MiniMtil;
import org.keeplora.Shared;
import org.keeplora.clip.TorchShuffle;

/** Class names, prompts, items and order equal what the official loaders read from the same folders. */
class OfficialLoadersTest {
    @ParameterizedTest
    @ValueSource(strings = {"Caltech101", "EuroSAT", "MNIST"})
    void readsWhatTheOfficialLoaderReads(String name) throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(Shared.file("data/mtil-mini-expected.json").toFile())
                .get(name);

        Dataset dataset = DatasetCatalog.open(name, MiniMtil.root(), TorchShuffle::permutation);

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
