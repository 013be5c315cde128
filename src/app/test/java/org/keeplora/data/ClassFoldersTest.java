package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folder-per-class data sets made by hand: which files are items, in which order, and every error line. */
class ClassFoldersTest {
    private static final SplitOrder BACKWARDS =
            (n, seed) -> IntStream.range(0, n).map(i -> n - 1 - i).toArray();
    private static final ClassTable TABLE = new ClassTable(List.of("b", "a"), List.of("bee", "ant"));

    @TempDir
    Path root;

    @BeforeEach
    void writeFiles() throws IOException {
        for (String name : List.of("a/2.jpg", "a/10.jpg", "a/B.png", "b/x.JPEG", "b/y.jpg")) {
            write(name);
        }
    }

    @Test
    void numbersByClassThenByName() {
        Split split =
                reader(TABLE).read(root, (n, seed) -> IntStream.range(0, n).toArray());

        assertEquals(List.of("set/b/x.JPEG", "set/b/y.jpg", "set/a/10.jpg", "set/a/2.jpg"), ids(split.train()));
        assertEquals(List.of("set/a/B.png"), ids(split.test()));
        assertEquals(
                List.of(0, 0, 1, 1), split.train().stream().map(Item::label).toList());
    }

    @Test
    void splitsUnderThePermutationOfSeed42() {
        Split split = reader(TABLE).read(root, (n, seed) -> {
            assertEquals(5, n);
            assertEquals(42, seed);
            return BACKWARDS.permutation(n, seed);
        });

        assertEquals(List.of("set/a/B.png", "set/a/2.jpg", "set/a/10.jpg", "set/b/y.jpg"), ids(split.train()));
        assertEquals(List.of("set/b/x.JPEG"), ids(split.test()));
    }

    @Test
    void ignoresOtherFilesAndFoldersThatAreNotClasses() throws IOException {
        write("a/.hidden.jpg");
        write("a/readme.txt");
        write("other/1.jpg");
        Files.createDirectories(root.resolve("set/a/folder.jpg"));

        Split split = reader(TABLE).read(root, BACKWARDS);

        assertEquals(5, split.train().size() + split.test().size());
    }

    @Test
    void missingClassFolder() {
        ClassTable table = new ClassTable(List.of("a", "c"), List.of("ant", "cat"));

        assertMessage(
                "%s: class folder not found (the data set has 2 classes); unpack the data set again or correct the folder's name",
                root.resolve("set/c"), table);
    }

    @Test
    void classWithoutImages() throws IOException {
        Files.createDirectories(root.resolve("set/c"));
        ClassTable table = new ClassTable(List.of("a", "c"), List.of("ant", "cat"));

        assertMessage(
                "%s: class has no image (looked for *.jpg, *.jpeg, *.png); put its images there or unpack the data set again",
                root.resolve("set/c"), table);
    }

    @Test
    void refusesWhatIsNoPermutation() {
        SplitOrder repeated = (n, seed) -> new int[n];
        SplitOrder shorter = (n, seed) -> new int[] {0};

        var error =
                assertThrows(IllegalArgumentException.class, () -> reader(TABLE).read(root, repeated));
        assertEquals("split of set: 0 is out of range or repeated; need a permutation of 0..4", error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> reader(TABLE).read(root, shorter));
    }

    @Test
    void missingDataRoot() {
        Path missing = root.resolve("nowhere");

        var error = assertThrows(DatasetException.class, () -> DatasetCatalog.open("MNIST", missing, BACKWARDS));
        assertEquals(
                missing + ": data root not found; set it to the folder that holds the data sets", error.getMessage());
    }

    @Test
    void missingDataset() {
        var error = assertThrows(DatasetException.class, () -> DatasetCatalog.open("EuroSAT", root, BACKWARDS));
        assertEquals(
                root.resolve("eurosat/2750")
                        + ": folder of data set EuroSAT not found; put the data set there or set the data root to the folder that holds eurosat/2750",
                error.getMessage());
    }

    @Test
    void unknownName() {
        var error = assertThrows(DatasetException.class, () -> DatasetCatalog.open("EuroSad", root, BACKWARDS));
        assertEquals(
                "unknown data set \"EuroSad\"; known are Aircraft, Caltech101, CIFAR100, DTD, EuroSAT, Flowers, Food, MNIST, OxfordPet, StanfordCars, SUN397 and the probes ImageNet, Places365, general-probe",
                error.getMessage());
    }

    @Test
    void tablesAreOfficial() {
        ClassTable caltech = ClassTable.load("caltech101");

        assertEquals(101, caltech.size());
        assertTrue(caltech.keys().stream().noneMatch("BACKGROUND_Google"::equals));
        assertEquals("head of a  crocodile", caltech.names().get(caltech.keys().indexOf("crocodile_head")));
    }

    private void write(String name) throws IOException {
        Path file = root.resolve("set").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[0]);
    }

    private void assertMessage(String message, Path path, ClassTable table) {
        var error = assertThrows(DatasetException.class, () -> reader(table).read(root, BACKWARDS));
        assertEquals(String.format(Locale.ROOT, message, path), error.getMessage());
    }

    private static ClassFolders reader(ClassTable table) {
        return new ClassFolders("set", table);
    }

    private static List<String> ids(List<Item> items) {
        return items.stream().map(item -> item.image().id()).toList();
    }
}
