package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.data.OwnData.Format;

/** Data sets of one's own, as folders and as a table. */
class OwnDataTest {
    @TempDir
    Path root;

    @Test
    void folders() throws IOException {
        for (String file :
                List.of("train/red_fox/b.jpg", "train/red_fox/a.png", "test/red_fox/c.jpg", "test/ape/d.jpg")) {
            write(file, "");
        }

        Dataset own = DatasetCatalog.open(new OwnData("zoo", Format.FOLDER, root, "a drawing of a {}."));

        assertEquals("zoo", own.name());
        assertEquals(List.of("ape", "red fox"), own.classNames());
        assertEquals(List.of("a drawing of a ape.", "a drawing of a red fox."), own.prompts());
        assertEquals(List.of("train/red_fox/a.png 1", "train/red_fox/b.jpg 1"), items(own.train()));
        assertEquals(List.of("test/ape/d.jpg 0", "test/red_fox/c.jpg 1"), items(own.test()));
    }

    @Test
    void folderErrors() throws IOException {
        assertError(Format.FOLDER, "", "/test: folder not found; put the test images there, one folder per class");
        Files.createDirectories(root.resolve("test"));
        assertError(Format.FOLDER, "", "/test: holds no class folder; put the test images there, one folder per class");
        Files.createDirectories(root.resolve("test/red_fox"));
        assertError(
                Format.FOLDER,
                "",
                "/test/red_fox: class has no image (looked for *.jpg, *.jpeg, *.png); put its images there or unpack the data set again");
        write("test/red fox/a.jpg", "");
        assertError(
                Format.FOLDER,
                "",
                ": two class folders are called \"red fox\" once underscores are spaces; rename one");
    }

    @Test
    void table() throws IOException {
        write(
                "own.csv",
                "\ufeffclass,path,split\n\"fox, red\",img/1.jpg,train\nape,img/2.jpg,test\n\"fox, red\",img/3.jpg,test\n");

        Dataset own = DatasetCatalog.open(new OwnData("zoo", Format.CSV, root.resolve("own.csv"), "{}"));

        assertEquals(List.of("ape", "fox, red"), own.classNames());
        assertEquals(List.of("img/1.jpg 1"), items(own.train()));
        assertEquals(List.of("img/2.jpg 0", "img/3.jpg 1"), items(own.test()));
    }

    @Test
    void tableErrors() throws IOException {
        assertError(Format.CSV, "own.csv", ": table not found; correct the path");
        write("own.csv", "split,path,class\ntrain,a.jpg,ape\nval,b.jpg,ape\n");
        assertError(Format.CSV, "own.csv", ": row 2: split is \"val\", not train or test; correct the table");
        write("own.csv", "split,path,class\ntrain,a.jpg,ape\n");
        assertError(Format.CSV, "own.csv", ": no row has the split test; add the test images");
        write("own.csv", "split,path\ntest,a.jpg\n");
        assertError(
                Format.CSV,
                "own.csv",
                ": row 1: no value in column class (header must be split,path,class); correct the table");
        write("own.csv", "split,path,class\ntest,a.jpg,\n");
        assertError(
                Format.CSV,
                "own.csv",
                ": row 1: no value in column class (header must be split,path,class); correct the table");
    }

    @Test
    void nameAndTemplate() {
        var error = assertThrows(
                IllegalArgumentException.class, () -> new OwnData("zoo", Format.CSV, root, "a photo of a ."));
        assertEquals(
                "own data set zoo: prompt template \"a photo of a .\" has no {}; it marks the place of the class name",
                error.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new OwnData(" ", Format.CSV, root, "{}"));
    }

    @Test
    void aDatasetNeedsATemplateWithAPlaceForTheClass() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Dataset("zoo", List.of("ape"), List.of(), List.of(), List.of()));
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> new Dataset("zoo", List.of("ape"), List.of("{}", "an ape"), List.of(), List.of()));
        assertEquals(
                "Dataset zoo: prompt template \"an ape\" has no {}; it marks the place of the class name",
                error.getMessage());
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void assertError(Format format, String file, String message) {
        Path path = root.resolve(file);
        var error =
                assertThrows(DatasetException.class, () -> DatasetCatalog.open(new OwnData("zoo", format, path, "{}")));
        assertEquals(path + message, error.getMessage());
    }

    private static List<String> items(List<Item> items) {
        return items.stream()
                .map(item -> item.image().id() + " " + item.label())
                .toList();
    }
}
