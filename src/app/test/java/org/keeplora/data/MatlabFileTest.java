package org.keeplora.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Array;
import us.hebi.matlab.mat.types.Cell;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Struct;

/** The two formats made of MATLAB files, and the messages for faulty ones. */
class MatlabFileTest {
    private static final ClassTable FLOWERS = new ClassTable(List.of("1", "2"), List.of("rose", "lotus"));

    @TempDir
    Path root;

    @Test
    void numberedImages() throws IOException {
        flowers(numbers(MatlabType.UInt8, 2, 1, 2), numbers(MatlabType.UInt16, 3, 1));

        Split split = new NumberedImages("f", FLOWERS).read(root, (n, seed) -> new int[n]);

        assertEquals(List.of("f/jpg/image_00003.jpg 1", "f/jpg/image_00001.jpg 1"), items(split.train()));
        assertEquals(List.of("f/jpg/image_00002.jpg 0"), items(split.test()));
    }

    @Test
    void numberOrLabelOutOfRange() throws IOException {
        flowers(numbers(MatlabType.UInt8, 2, 1, 2), numbers(MatlabType.UInt16, 4));
        assertFlowerError("setid.mat: trnid names image 4 but imagelabels.mat has 3 labels; download it again");

        flowers(numbers(MatlabType.UInt8, 2, 1, 200), numbers(MatlabType.UInt16, 3));
        assertFlowerError(
                "imagelabels.mat: image 3 is class 200 but the data set has 2 classes (1..2); download it again");
    }

    @Test
    void annotatedImages() throws IOException {
        cars(2);

        Split split = new AnnotatedImages("c").read(root, (n, seed) -> new int[n]);

        assertEquals(List.of("Audi TT", "Geo Metro"), split.classNames());
        assertEquals(List.of("c/cars_train/00001.jpg 1"), items(split.train()));
        assertEquals(List.of("c/cars_test/00001.jpg 1"), items(split.test()));
    }

    @Test
    void annotationOutOfRange() throws IOException {
        cars(3);

        var error = assertThrows(
                DatasetException.class, () -> new AnnotatedImages("c").read(root, (n, seed) -> new int[n]));
        assertEquals(
                root.resolve("c/devkit/cars_train_annos.mat")
                        + ": 00001.jpg is class 3 but the data set has 2 classes (1..2); download it again",
                error.getMessage());
    }

    @Test
    void wrongFiles() throws IOException {
        Path file = root.resolve("a.mat");
        assertError(file, ": file not found; download it into that folder");
        Files.writeString(file, "no matlab file");
        assertError(file, ": not a valid MATLAB 5 file, it has only 14 bytes; download it again");
        Mat5.writeToFile(Mat5.newMatFile().addArray("labels", Mat5.newString("x")), file.toFile());

        MatlabFile read = MatlabFile.read(file);

        var error = assertThrows(DatasetException.class, () -> read.integers("labels"));
        assertTrue(error.getMessage().startsWith(file + ": \"labels\" is missing or not an array of numbers ("));
        error = assertThrows(DatasetException.class, read::annotations);
        assertTrue(error.getMessage().startsWith(file + ": \"annotations\" is missing or not a struct array"));
        assertThrows(DatasetException.class, () -> read.texts("class_names"));
    }

    private void flowers(Matrix labels, Matrix train) throws IOException {
        write("f/imagelabels.mat", Mat5.newMatFile().addArray("labels", labels));
        write(
                "f/setid.mat",
                Mat5.newMatFile().addArray("trnid", train).addArray("tstid", numbers(MatlabType.UInt16, 2)));
    }

    private void cars(int number) throws IOException {
        Cell names = Mat5.newCell(1, 2);
        names.set(0, Mat5.newString("Audi TT"));
        names.set(1, Mat5.newString("Geo Metro"));
        write("c/devkit/cars_meta.mat", Mat5.newMatFile().addArray("class_names", names));
        Struct annotations = Mat5.newStruct(1, 1);
        annotations.set("fname", 0, Mat5.newString("00001.jpg"));
        annotations.set("class", 0, numbers(MatlabType.UInt8, number));
        write("c/devkit/cars_train_annos.mat", Mat5.newMatFile().addArray("annotations", annotations));
        write("c/cars_test_annos_withlabels.mat", Mat5.newMatFile().addArray("annotations", (Array) annotations));
    }

    private static Matrix numbers(MatlabType type, int... values) {
        Matrix matrix = Mat5.newMatrix(new int[] {1, values.length}, type);
        for (int i = 0; i < values.length; i++) {
            matrix.setInt(i, values[i]);
        }
        return matrix;
    }

    private void write(String name, MatFile file) throws IOException {
        Path path = root.resolve(name);
        Files.createDirectories(path.getParent());
        Files.deleteIfExists(path);
        Mat5.writeToFile(file, path.toFile());
    }

    private void assertFlowerError(String message) {
        var error = assertThrows(
                DatasetException.class, () -> new NumberedImages("f", FLOWERS).read(root, (n, seed) -> new int[n]));
        assertEquals(root.resolve("f") + "/" + message, error.getMessage());
    }

    private static void assertError(Path file, String start) {
        var error = assertThrows(DatasetException.class, () -> MatlabFile.read(file));
        assertTrue(error.getMessage().startsWith(file + start), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    private static List<String> items(List<Item> items) {
        return items.stream()
                .map(item -> item.image().id() + " " + item.label())
                .toList();
    }
}
