package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on the user's own data: the output before the first task, and {@code data verify --config}. */
final class OwnDataRunTest {
    @TempDir
    Path folder;

    @BeforeEach
    void pictures() throws IOException {
        for (String name : List.of("train/cat/a", "train/dog/b", "test/cat/c", "test/dog/d")) {
            Path file = folder.resolve("own").resolve(name + ".png");
            Files.createDirectories(file.getParent());
            ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
        }
        Files.writeString(folder.resolve("own/train/cat/notes.txt"), "x");
        Files.createSymbolicLink(folder.resolve("own/train/cat/gone.png"), folder.resolve("nowhere"));
        Files.writeString(folder.resolve("own.csv"), """
                split,path,class
                train,own/train/cat/a.png,cat

                test,own/test/cat/c.png,cat
                val,own/test/cat/c.png,cat
                """);
        Files.writeString(folder.resolve("run.yaml"), """
                model: builtin:demo
                method: {name: zero-shot}
                data:
                  tasks: [{name: Folder, folder: '#/own'}, {name: Table, csv: '#/own.csv'}, {drawn: digits, train: 1, test: 1}]
                output: '#/out'
                """.replace("#", folder.toString()));
    }

    private String execute(String... command) {
        return Program.execute(Stream.concat(
                        Stream.of(command),
                        Stream.of("--config", folder.resolve("run.yaml").toString()))
                .toArray(String[]::new));
    }

    @Test
    void everyTaskReportsItsWarningsOnce() throws IOException {
        String printed = execute("run");
        assertTrue(printed.startsWith("0 "), printed);
        assertEquals(
                List.of(
                        "Folder: 2 training images, 2 test images; left out 2 files: 1 of another type (.txt), 1 broken link",
                        "Table: 1 training image, 1 test image; left out 1 file: 1 for validation",
                        "digits: 10 training images, 10 test images"),
                printed.substring(2)
                        .lines()
                        .filter(line -> line.matches("\\w+: .* test images?(;.*)?"))
                        .toList());
    }

    @Test
    void aLaterTaskIsCheckedBeforeTheFirstIsLearned() throws IOException {
        Path table = folder.resolve("own.csv");
        Files.writeString(table, Files.readString(table) + "train,gone.png,cat\n");
        assertEquals(
                "2 keeplora: " + table + ": 1 of its 3 images not found: line 6 (" + folder.resolve("gone.png")
                        + "); put them there or correct the table" + System.lineSeparator(),
                execute("run"));
        Files.writeString(folder.resolve("gone.png"), "<html>");
        assertEquals(
                "2 keeplora: Table: 1 of its 3 files cannot be read, or their content is none of JPEG, PNG, BMP, GIF, TIFF,"
                        + " WebP, PPM, PGM: gone.png; replace or remove them" + System.lineSeparator(),
                execute("run"));
        assertFalse(Files.exists(folder.resolve("out")));
    }
}
