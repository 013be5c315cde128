package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The formats that list their images in text files: every error line, with its file and line. */
class ListReadersTest {
    private static final String LINE_END = "; correct the line or unpack the data set again";

    @TempDir
    Path root;

    @Test
    void variantThatIsNotListed() throws IOException {
        assertError(new VariantLists("set"), "variants.txt: list file not found; unpack the data set again");
        write("variants.txt", "707-320", "An-12");
        write("images_variant_train.txt", "1 An-12", "", "2 An-13");
        assertError(
                new VariantLists("set"),
                "images_variant_train.txt: line 3: variant \"An-13\" is not in variants.txt" + LINE_END);
        write("images_variant_train.txt", "12");
        assertError(
                new VariantLists("set"),
                "images_variant_train.txt: line 1: needs two parts with \" \" between them but is \"12\"" + LINE_END);
        write("images_variant_train.txt", " ");
        assertError(new VariantLists("set"), "images_variant_train.txt: the list is empty; unpack the data set again");
    }

    @Test
    void textureThatIsNotInTheTrainingList() throws IOException {
        write("labels/train1.txt", "banded/b_1.jpg");
        write("labels/test1.txt", "banded/b_2.jpg", "woven/w_1.jpg");

        assertError(new PathLists("set"), "labels/test1.txt: line 2: class \"woven\" is not in train1.txt" + LINE_END);
    }

    @Test
    void breedLines() throws IOException {
        write("annotations/trainval.txt", "wheaten_terrier_7 1 1 1", "Pug_1 2 1 2");
        write("annotations/test.txt", "Pug_2 3 1 2");
        assertError(
                new BreedLists("set"),
                "annotations/test.txt: line 1: class 3 but the data set has 2 classes (1..2)" + LINE_END);
        write("annotations/test.txt", "Pug_2 two 1 2");
        assertError(new BreedLists("set"), "annotations/test.txt: line 1: class \"two\" is not a number" + LINE_END);
        write("annotations/test.txt", "Pug_2 2");
        assertError(new BreedLists("set"), "annotations/test.txt: line 1: needs 4 words but is \"Pug_2 2\"" + LINE_END);
        write("annotations/test.txt", "Pug_2 2 1 2");

        Split split = new BreedLists("set").read(root, ListReadersTest::stored);

        assertEquals(List.of("Wheaten Terrier", "Pug"), split.classNames());
        write("annotations/trainval.txt", "Pug_1 1 1 1", "Boxer_1 1 1 1");
        assertError(
                new BreedLists("set"),
                "annotations/trainval.txt: line 2: class 1 is Boxer but was Pug before" + LINE_END);
    }

    @Test
    void foodLists() throws IOException {
        assertError(new JsonLists("set"), "meta/train.json: no such file; unpack the data set again");
        write("meta/train.json", "{}");
        assertError(
                new JsonLists("set"),
                "meta/train.json: expected an object from class to images; unpack the data set again");
        write("meta/train.json", "{\"tacos\": [\"tacos/2\"], \"hot_dog\": [\"hot_dog/9\", \"hot_dog/1\"]}");
        write("meta/test.json", "{\"soup\": [\"soup/1\"]}");
        assertError(
                new JsonLists("set"), "meta/test.json: class \"soup\" is not in train.json; unpack the data set again");
        write("meta/test.json", "{\"hot_dog\": [\"hot_dog/3\"]}");

        Split split = new JsonLists("set").read(root, ListReadersTest::stored);

        assertEquals(List.of("hot dog", "tacos"), split.classNames());
        assertEquals(
                List.of("set/images/tacos/2.jpg", "set/images/hot_dog/9.jpg", "set/images/hot_dog/1.jpg"),
                ids(split.train()));
        write("meta/train.json", "{\"tacos\": ");
        var error =
                assertThrows(DatasetException.class, () -> new JsonLists("set").read(root, ListReadersTest::stored));
        assertEquals(1, error.getMessage().lines().count());
    }

    @Test
    void scenes() throws IOException {
        write("ClassName.txt", "/a/abbey", "b/bakery/shop");
        assertError(
                new SceneFolders("set"),
                "ClassName.txt: line 2: needs /<letter>/<class> but is \"b/bakery/shop\"" + LINE_END);
        write("ClassName.txt", "/a/abbey", "/b/bakery/shop");
        write("b/bakery/shop/sun_b.jpg", "");
        write("a/abbey/sun_a.jpg", "");
        write("a/abbey/other.jpg", "");

        Split split = new SceneFolders("set").read(root, ListReadersTest::stored);

        assertEquals(List.of("set/a/abbey/sun_a.jpg"), ids(split.train()));
        assertEquals(List.of("set/b/bakery/shop/sun_b.jpg"), ids(split.test()));
        assertEquals(1, split.test().get(0).label());
        Files.move(root.resolve("set"), root.resolve("elsewhere"));
        Files.createSymbolicLink(root.resolve("set"), root.resolve("elsewhere"));
        assertEquals(
                List.of("set/a/abbey/sun_a.jpg"),
                ids(new SceneFolders("set").read(root, ListReadersTest::stored).train()));
        write("z/zoo/sun_c.jpg", "");
        assertError(
                new SceneFolders("set"),
                "z/zoo/sun_c.jpg: its class \"zoo\" is not in ClassName.txt; move the image away or correct the list");
    }

    @Test
    void placesProbe() throws IOException {
        write("categories_places365.txt", "/a/airfield 0", "/a/apartment_building/outdoor 1");
        write("places365_val.txt", "Places365_val_00000001.jpg 1", "Places365_val_00000002.jpg 0");

        Split split = new SceneList("set").read(root, ListReadersTest::stored);

        assertEquals(List.of("airfield", "apartment building/outdoor"), split.classNames());
        assertEquals(List.of(), split.train());
        assertEquals(
                List.of("set/val_256/Places365_val_00000001.jpg", "set/val_256/Places365_val_00000002.jpg"),
                ids(split.test()));
        assertEquals(1, split.test().get(0).label());
        write("places365_val.txt", "Places365_val_00000001.jpg 2");
        assertError(
                new SceneList("set"),
                "places365_val.txt: line 1: class 2 but the data set has 2 classes (0..1)" + LINE_END);
        write("categories_places365.txt", "/a/airfield 1");
        assertError(new SceneList("set"), "categories_places365.txt: line 1: label 1 but 0 comes next" + LINE_END);
    }

    private static int[] stored(int n, long seed) {
        return IntStream.range(0, n).toArray();
    }

    private void write(String name, String... lines) throws IOException {
        Path file = root.resolve("set").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, List.of(lines));
    }

    private void assertError(SplitReader reader, String message) {
        var error = assertThrows(DatasetException.class, () -> reader.read(root, ListReadersTest::stored));
        assertEquals(root.resolve("set") + "/" + message, error.getMessage());
    }

    private static List<String> ids(List<Item> items) {
        return items.stream().map(item -> item.image().id()).toList();
    }
}
