package org.keeplora.drawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.data.Item;

/**
 * Drawing works without a display and without a font, as on a server: another process draws everything and records the
 * classes it loads.
 */
class FontFreeTest {
    /** Classes that find, open or draw a font. Java's drawing context alone loads a few others that only name one. */
    private static final Pattern LOOKS_FOR_FONTS =
            Pattern.compile(" sun\\.font\\.\\w*(Manager|Font2D|Scaler|Strike|Glyph)");

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
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, process.waitFor(), output);
        List<String> classes = Files.readAllLines(loaded);
        assertTrue(classes.stream().anyMatch(line -> line.contains(" " + Canvas.class.getName() + " ")));
        assertEquals(
                List.of(),
                classes.stream()
                        .filter(line -> LOOKS_FOR_FONTS.matcher(line).find())
                        .toList());
    }

    /** The program of the other process. */
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
