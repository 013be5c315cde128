package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.testing.MainsLocale;
import org.keeplora.testing.Refused;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Cell;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Struct;

/** Lists and tables that are damaged, or whose names lead out of their folder. */
@ExtendWith(MainsLocale.class)
final class HostileListsTest {
    private static final List<String> CLIMBING = List.of("../x", "a/../../x", "/etc/passwd", "a\0b");

    @TempDir
    Path root;

    /** Every format that names images: its reader, its files with # in place of a name, and the refused line. */
    static Stream<Arguments> lists() {
        Map<String, String> dtd = Map.of("labels/train1.txt", "a/1\n#", "labels/test1.txt", "a/1");
        Map<String, String> pets = Map.of("annotations/trainval.txt", "#_1 1 1 1", "annotations/test.txt", "b_1 1 1 1");
        Map<String, String> aircraft =
                Map.of("variants.txt", "v", "images_variant_train.txt", "# v", "images_variant_test.txt", "1 v");
        Map<String, String> food = Map.of("meta/train.json", "{\"c\":[\"#\"]}", "meta/test.json", "{\"c\":[\"1\"]}");
        Map<String, String> places = Map.of("categories_places365.txt", "/a/b 0", "places365_val.txt", "# 0");
        Map<String, String> scenes = Map.of("ClassName.txt", "/a/b", "image-order.txt", "#");
        return Stream.of(
                Arguments.of(
                        new PathLists("set"),
                        dtd,
                        "labels/train1.txt: line 2",
                        "images",
                        "",
                        "; correct the line or unpack the data set again"),
                Arguments.of(
                        new BreedLists("set"),
                        pets,
                        "annotations/trainval.txt: line 1",
                        "images",
                        "_1.jpg",
                        "; correct the line or unpack the data set again"),
                Arguments.of(
                        new VariantLists("set"),
                        aircraft,
                        "images_variant_train.txt: line 1",
                        "images",
                        ".jpg",
                        "; correct the line or unpack the data set again"),
                Arguments.of(
                        new JsonLists("set"), food, "meta/train.json", "images", ".jpg", "; unpack the data set again"),
                Arguments.of(
                        new SceneList("set"),
                        places,
                        "places365_val.txt: line 1",
                        "val_256",
                        "",
                        "; correct the line or unpack the data set again"),
                Arguments.of(
                        new SceneFolders("set"),
                        scenes,
                        "image-order.txt: line 1",
                        "",
                        "",
                        "; correct the line or unpack the data set again"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lists")
    void namesThatLeadOutAreRefused(
            SplitReader reader, Map<String, String> files, String place, String folder, String ending, String advice)
            throws IOException {
        for (String name : CLIMBING) {
            if (reader instanceof PathLists && name.indexOf('/') < 1) {
                continue; // no class before a slash: refused for that
            }
            boolean json = reader instanceof JsonLists;
            for (Map.Entry<String, String> file : files.entrySet()) {
                write(file.getKey(), file.getValue().replace("#", json ? name.replace("\0", "\\u0000") : name));
            }
            String shown = name.replace("\0", "\\u0000") + ending;
            String inside = root.resolve("set").resolve(folder).toString();
            Refused.with(
                    DatasetException.class,
                    root,
                    String.format(
                            Locale.ROOT,
                            "#/set/%s: \"%s\" is not the name of a file inside %s%s",
                            place,
                            shown,
                            inside,
                            advice),
                    () -> reader.read(root, (n, seed) -> new int[n]));
        }
    }

    @Test
    void namesInAnnotations() throws IOException {
        for (String name : CLIMBING.subList(0, 3)) {
            annotations(name);
            Refused.with(
                    DatasetException.class,
                    root,
                    String.format(
                            Locale.ROOT,
                            "#/set/devkit/cars_train_annos.mat: \"%s\" is not the name of a file inside #/set/cars_train; download it again",
                            name),
                    () -> new AnnotatedImages("set").read(root, (n, seed) -> new int[n]));
        }
        write("classes.tsv", "ok\tOk\n../x\tOut");
        Refused.with(
                DatasetException.class,
                root,
                "#/set/classes.tsv: line 2: \"../x\" is not the name of a folder; correct the line or unpack the data set again",
                () -> new NamedFolders("set", "val").read(root, (n, seed) -> new int[n]));
    }

    /** A link that the user put below the data root may lead anywhere. */
    @Test
    void linksBelowTheRootAreFollowed(@TempDir Path elsewhere) throws IOException {
        Files.write(elsewhere.resolve("1.png"), HostileImagesTest.written("png"));
        write("own.csv", "split,path,class\ntest,img/1.png,c\n");
        Files.createSymbolicLink(root.resolve("set/img"), elsewhere);
        assertEquals(
                4,
                CsvTable.read(root.resolve("set/own.csv"))
                        .test()
                        .get(0)
                        .image()
                        .read()
                        .width());
    }

    static Stream<Arguments> tables() {
        return Stream.of(
                Arguments.of("", "no row has the split test; add the test images"),
                Arguments.of("\n\n\n", "no row has the split test; add the test images"),
                Arguments.of("split,path,class\n", "no row has the split test; add the test images"),
                Arguments.of("split,path,class\ntest,a", "line 2: no value in column \"class\"; correct the table"),
                Arguments.of(
                        "split,path,class\ntest,a,b,c,d\n",
                        "line 2: 5 cells but 3 columns (a cell with a comma in it needs quotes around it); correct the table"),
                Arguments.of(
                        "split,path,class\ntest,\"a,b\n", "line 2: Missing closing quote for value; correct the table"),
                Arguments.of(
                        "split,path,path,class\ntest,a,b,c\n",
                        "line 1: column \"path\" stands 2 times in the header; correct the table"),
                Arguments.of("split,path,class\ntest, ,c\n", "line 2: no value in column \"path\"; correct the table"),
                Arguments.of(
                        "split,path,class\ntest,.,c\n",
                        "1 of its 1 images not found: line 2 (#/set/.); put them there or correct the table"),
                Arguments.of(
                        "split,path,class\ntest,a\0b,c\n",
                        "line 2: \"a\\u0000b\" is not the name of a file; correct the table"),
                Arguments.of(
                        "split,path,class\nte\u0007st,a,c\n",
                        "line 2: split is \"te\\u0007st\", not train, test or val; correct the table"));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void tableIsRefused(String csv, String message) throws IOException {
        write("own.csv", csv);
        Refused.with(
                DatasetException.class,
                root,
                "#/set/own.csv: " + message,
                () -> CsvTable.read(root.resolve("set/own.csv")));
    }

    static Stream<Arguments> jsons() {
        return Stream.of(
                Arguments.of(
                        "{",
                        "not valid JSON at line 1, column 2 (Unexpected end-of-input: expected close marker for Object)"),
                Arguments.of("null", "not a JSON object"),
                Arguments.of(
                        "{\"c\":[\"1\"],\"c\":[\"2\"]}", "not valid JSON at line 1, column 15 (Duplicate field 'c')"),
                Arguments.of(
                        "{\"c\":" + "[".repeat(100_000),
                        "not valid JSON (Document nesting depth (65) exceeds the maximum allowed (64))"),
                Arguments.of(
                        "{\"c\":[" + "1".repeat(100_000) + "]}",
                        "not valid JSON (Number value length (100000) exceeds the maximum allowed (1000))"),
                Arguments.of(
                        "{\"" + "k".repeat(60_000) + "\":[]}",
                        "not valid JSON (Name length (60000) exceeds the maximum allowed (50000))"),
                Arguments.of("{\"c\":[{}]}", "class \"c\" lists an entry that is not a name"),
                Arguments.of(
                        "{\"c\":[\"1\"]}}",
                        "not valid JSON at line 1, column 12 (Unexpected close marker '}': no open Object to close)"),
                Arguments.of(
                        "{\"c\":\"\u0001\"}",
                        "not valid JSON at line 1, column 7 (Illegal unquoted character ((CTRL-CHAR, code 1)): has to be escaped using backslash to be included in string value)"));
    }

    @ParameterizedTest
    @MethodSource("jsons")
    void jsonListIsRefused(String json, String message) throws IOException {
        write("meta/train.json", json);
        write("meta/test.json", "{\"c\":[\"1\"]}");
        Refused.with(
                DatasetException.class,
                root,
                "#/set/meta/train.json: " + message + "; unpack the data set again",
                () -> new JsonLists("set").read(root, (n, seed) -> new int[n]));
    }

    @Test
    void synonymsOfNothingButCommas() throws IOException {
        write("LOC_synset_mapping.txt", "n01 ,");
        assertEquals(List.of(""), ClassTable.beside(root.resolve("set")).names());
    }

    @Test
    void listsThatAreNoText() throws IOException {
        Path file = Files.write(root.resolve("a.txt"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        Refused.with(
                DatasetException.class,
                root,
                "#/a.txt: cannot be read (not UTF-8); check permissions or unpack the data set again",
                () -> TextLine.of(file));
        Files.writeString(file, "no\ttwo\rparts\u2028here");
        Refused.with(
                DatasetException.class,
                root,
                "#/a.txt: line 2: needs two parts with \"/\" between them but is \"parts\\u2028here\"; correct the line or unpack the data set again",
                () -> TextLine.of(file).get(1).cut("/"));
    }

    private void annotations(String name) throws IOException {
        Cell names = Mat5.newCell(1, 1);
        names.set(0, Mat5.newString("Audi TT"));
        Struct one = Mat5.newStruct(1, 1);
        one.set("fname", 0, Mat5.newString(name));
        one.set("class", 0, Mat5.newScalar(1));
        write("devkit/cars_meta.mat", Mat5.newMatFile().addArray("class_names", names));
        write("devkit/cars_train_annos.mat", Mat5.newMatFile().addArray("annotations", one));
    }

    private void write(String name, MatFile content) throws IOException {
        write(name, "");
        Files.delete(root.resolve("set").resolve(name));
        Mat5.writeToFile(content, root.resolve("set").resolve(name).toFile());
    }

    private void write(String name, String content) throws IOException {
        Path file = root.resolve("set").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
