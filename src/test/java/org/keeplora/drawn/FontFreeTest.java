package org.keeplora.drawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.data.Item;

/** A Java on a server may have neither a display nor a font: another process draws everything and notes the classes it loads. */
class FontFreeTest {
    @TempDir
    Path folder;

    @Test
    void drawsWithoutDisplayAndFont() throws IOException, InterruptedException {
        Path loaded = folder.resolve("classes.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.awt.headless=true",
                        "-Xlog:class+load:file=" + loaded,
                        "-cp",
                        System.getProperty("java.class.path"),
                        EveryKind.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());

        assertEquals(0, process.waitFor(), output);
        List<String> classes = Files.readAllLines(loaded);
        assertTrue(classes.stream().anyMatch(line -> line.contains(" " + Canvas.class.getName() + " ")));
        assertEquals(
                List.of(),
                classes.stream().filter(line -> line.contains(" sun.font.")).toList());
    }

    /** What the other process runs. */
    static final class EveryKind {
        private EveryKind() {}

        public static void main(String[] arguments) {
            DrawnBenchmark benchmark = new DrawnBenchmark(1);
            for (String name : benchmark.domains()) {
                benchmark.domain(name, 1, 0).train().stream().map(Item::image).forEach(image -> image.read());
            }
            benchmark.general(130).forEach(picture -> picture.image().read());
        }
    }
}
