package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.data.OwnData.Format;

/** The user's own data sets, as folders and as a table. */
class OwnDataTest {
    @TempDir
    Path root;

    private Dataset folder() {
        return DatasetCatalog.open(new OwnData("zoo", Format.FOLDER, root, "a drawing of a {}."));
    }

    private Dataset csv(String text) throws IOException {
        write("own.csv", text);
        return DatasetCatalog.open(new OwnData("zoo", Format.CSV, root.resolve("own.csv"), "{}"));
    }

    @Test
    void folders() throws IOException {
        for (String file :
                List.of("train/red_fox/b.jpg", "train/red_fox/a.png", "test/red_fox/c.jpg", "test/ape/d.jpg")) {
            write(file, "x");
        }

        Dataset own = folder();

        assertEquals("zoo", own.name());
        assertEquals(List.of("ape", "red fox"), own.classNames());
        assertEquals(List.of("a drawing of a ape.", "a drawing of a red fox."), own.prompts());
        assertEquals(List.of("train/red_fox/a.png 1", "train/red_fox/b.jpg 1"), items(own.train()));
        assertEquals(List.of("test/ape/d.jpg 0", "test/red_fox/c.jpg 1"), items(own.test()));
        assertEquals("zoo: 2 training images, 2 test images", own.counts());
    }

    /** The order is that of torchvision's {@code make_dataset}: sorted(os.walk(..)), in each folder sorted names. */
    @Test
    void everyEndingAndDepthInTorchvisionsOrder() throws IOException {
        List<String> files = List.of(
                "B.JPG",
                "a.jpeg",
                "c.gif",
                "d.jfif",
                "sub-2/a.webp",
                "sub/a.PpM",
                "sub/b.pgm",
                "sub/deep/a.tif",
                "sub/deep/b.tiff",
                "sub/z.bmp");
        for (String file : files) {
            write("test/ape/" + file, "x");
        }

        List<String> expected = List.of(
                "B.JPG",
                "a.jpeg",
                "c.gif",
                "d.jfif",
                "sub/a.PpM",
                "sub/b.pgm",
                "sub/z.bmp",
                "sub-2/a.webp",
                "sub/deep/a.tif",
                "sub/deep/b.tiff");
        assertEquals(expected.stream().map(file -> "test/ape/" + file + " 0").toList(), items(folder().test()));
        assertEquals("zoo: 10 test images", folder().counts());
    }

    @Test
    void filesLeftOutAreCountedByReason() throws IOException {
        write("test/ape/a.jpg", "x");
        write("train/ape/a.jpg", "x");
        assertEquals("", folder().leftOut().text());
        write("train/ape/notes.TXT", "x");
        assertEquals(
                "zoo: 1 training image, 1 test image; left out 1 file: 1 of another type (.txt)", folder().counts());
        for (String file : List.of(
                "train/ape/README",
                "train/ape/sub/b.heic",
                "train/ape/.b.jpg",
                "train/ape/.git/c.jpg",
                "train/beside.jpg",
                "val/ape/a.jpg",
                "valid/ape/sub/b.jpg",
                "validation/ape/notes.txt",
                "unrelated/ape/a.jpg")) {
            write(file, "x");
        }
        write("train/ape/empty.png", "");
        for (String link : List.of("train/ape/gone.jpg", "train/ape/sub/gone.png", "test/gone")) {
            Files.createSymbolicLink(root.resolve(link), root.resolve("nowhere"));
        }
        Files.createSymbolicLink(root.resolve("train/ape/linked.jpg"), root.resolve("test/ape/a.jpg"));

        assertEquals(
                "zoo: 2 training images, 1 test image; left out 12 files: 3 of another type (.heic, .txt, no ending),"
                        + " 3 broken links, 2 hidden, 1 empty, 1 outside the class folders, 2 for validation",
                folder().counts());
    }

    @Test
    void filesWithoutPermissionAreLeftOut() throws IOException {
        write("test/ape/a.jpg", "x");
        write("test/ape/secret.jpg", "x");
        Path secret = root.resolve("test/ape/secret.jpg");
        assumeTrue(
                secret.toFile().setReadable(false) && !Files.isReadable(secret),
                "this user may read every file, as root does");
        assertEquals("zoo: 1 test image; left out 1 file: 1 without permission to read", folder().counts());
    }

    @Test
    void linksAreFollowedButNotInCircles(@TempDir Path elsewhere) throws IOException {
        write("test/ape/a.jpg", "x");
        Files.writeString(elsewhere.resolve("b.jpg"), "x");
        Files.createSymbolicLink(root.resolve("test/ape/more"), elsewhere);
        assertEquals(List.of("test/ape/a.jpg 0", "test/ape/more/b.jpg 0"), items(folder().test()));
        Path circle = Files.createSymbolicLink(root.resolve("test/ape/circle"), root.resolve("test/ape"));
        assertError(
                Format.FOLDER,
                "",
                circle.toString().substring(root.toString().length())
                        + ": link leads back to a folder that it lies in; remove the link");
    }

    @Test
    void folderErrors() throws IOException {
        assertError(Format.FOLDER, "", "/test: folder not found; put the test images there, one folder per class");
        Files.createDirectories(root.resolve("test"));
        assertError(Format.FOLDER, "", "/test: holds no class folder; put the test images there, one folder per class");
        Files.createDirectories(root.resolve("test/red_fox"));
        String advice = "; put its images there or remove the folder";
        assertError(Format.FOLDER, "", "/test/red_fox: class has no image (it is empty)" + advice);
        write("test/red_fox/a.avif", "x");
        assertError(
                Format.FOLDER,
                "",
                "/test/red_fox: class has no image (left out 1 file: 1 of another type (.avif))" + advice);
        write("test/red_fox/a.jpg", "x");
        write("test/red fox/a.jpg", "x");
        assertError(
                Format.FOLDER,
                "",
                ": two class folders are both called \"red fox\" after underscores become spaces; rename one");
    }

    @Test
    void table() throws IOException {
        for (int i = 1; i <= 3; i++) {
            write("img/" + i + ".jpg", "");
        }
        Dataset own = csv(
                "\ufeffclass,path,split\n\"fox, red\",img/1.jpg,train\nape,img/2.jpg,test\n\"fox, red\",img/3.jpg,test\n");

        assertEquals(List.of("ape", "fox, red"), own.classNames());
        assertEquals(List.of("img/1.jpg 1"), items(own.train()));
        assertEquals(List.of("img/2.jpg 0", "img/3.jpg 1"), items(own.test()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "split,path,class\ntrain,a.jpg,ape\n\n  \n,,\ntest,b.jpg,ape\n\n\n",
                "\n\nsplit,path,class\r\n\r\ntrain,a.jpg,ape\r\ntest,b.jpg,ape\r\n",
                " Split, PATH , Class\nTRAIN, a.jpg , ape\nTest,./b.jpg,ape",
                ",split,width,path,class\n0,train,40,a.jpg,ape\n1,test,,b.jpg,ape\n",
                "split,path,class\rtrain,a.jpg,ape,\rtest,b.jpg,ape,,\r"
            })
    void tablesThatMeanTheSame(String text) throws IOException {
        write("a.jpg", "");
        write("b.jpg", "");
        Dataset own = csv(text);
        assertEquals(List.of("ape"), own.classNames());
        assertEquals(List.of("a.jpg 0"), items(own.train()));
        assertEquals(List.of("b.jpg 0"), items(own.test()));
    }

    @Test
    void rowsForValidationAreLeftOut() throws IOException {
        write("a.jpg", "");
        Dataset own =
                csv("split,path,class\ntest,a.jpg,ape\nval,gone.jpg,dog\nVALID,a.jpg,ape\nvalidation,a.jpg,ape\n");
        assertEquals(List.of("ape"), own.classNames());
        assertEquals("zoo: 1 test image; left out 3 files: 3 for validation", own.counts());
    }

    @Test
    void pathsLeadAnywhere(@TempDir Path elsewhere) throws IOException {
        Path there = Files.writeString(elsewhere.resolve("b.jpg"), "");
        write("img/a.jpg", "");
        write("img/c\\d.jpg", "");
        Path table = root.resolve("tables/own.csv");
        write(
                "tables/own.csv",
                "split,path,class\n" + "test,../img/a.jpg,ape\ntest," + there + ",ape\n"
                        + "test,..\\img\\a.jpg,ape\ntest,../img/c\\d.jpg,ape\n");
        Dataset own = DatasetCatalog.open(new OwnData("zoo", Format.CSV, table, "{}"));
        assertEquals(List.of("../img/a.jpg 0", there + " 0", "../img/a.jpg 0", "../img/c/d.jpg 0"), items(own.test()));
        for (Item item : own.test()) {
            assertEquals("0", item.image().content(), "size of " + item.image().id());
        }
    }

    @Test
    void tableErrors() throws IOException {
        assertError(Format.CSV, "own.csv", ": table not found; correct the path");
        write("a.jpg", "");
        String header = "split,path,class\n";
        assertTableError(
                header + "train,a.jpg,ape\n\ndev,b.jpg,ape\n",
                ": line 4: split is \"dev\", not train, test or val; correct the table");
        assertTableError(header + "train,a.jpg,ape\n", ": no row has the split test; add the test images");
        assertTableError(
                "split;path;class\ntest;a.jpg;ape\n",
                ": line 1: no column \"split\" in the header \"split;path;class\", which must be split,path,class, with commas"
                        + " between them; correct the table");
        assertTableError(
                header + "test,a.jpg,\"ape\nor not\"\ntest,a.jpg,\n",
                ": line 4: no value in column \"class\"; correct the table");
        assertTableError(
                header + "test,a.jpg,ape\ntest,a.jpg,fox, red\n",
                ": line 3: 4 cells but 3 columns (a cell with a comma in it needs quotes around it); correct the table");
        assertTableError(
                header + "test,gone.jpg,ape\ntest,a.jpg,ape\ntrain,/gone,ape\ntrain,c\\d,ape\nval,e,ape\ntrain,f,ape\n",
                ": 4 of its 5 images not found: line 2 (" + root + "/gone.jpg), line 4 (/gone), line 5 (" + root
                        + "/c/d) and others; put them there or correct the table");
        Files.write(
                root.resolve("own.csv"),
                (header + "test,a.jpg,ape\ntest,a.jpg,M\u00e4dchen\n").getBytes(StandardCharsets.ISO_8859_1));
        assertError(Format.CSV, "own.csv", ": line 3: not UTF-8, the required encoding; correct the table");
    }

    private void assertTableError(String text, String message) throws IOException {
        write("own.csv", text);
        assertError(Format.CSV, "own.csv", message);
    }

    @Test
    void nameAndTemplate() {
        var error = assertThrows(DatasetException.class, () -> new OwnData("zoo", Format.CSV, root, "a photo of a ."));
        assertEquals(
                "own data set zoo: prompt template \"a photo of a .\" has no {}; it marks the place of the class name",
                error.getMessage());
        assertThrows(DatasetException.class, () -> new OwnData(" ", Format.CSV, root, "{}"));
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
