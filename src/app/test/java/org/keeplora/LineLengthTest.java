package org.keeplora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Comments and documents are at most 120 characters wide, README.md 100, so that they are read without scrolling. */
final class LineLengthTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final int WIDTH = 120;
    private static final int README_WIDTH = 100;
    private static final Predicate<String> COMMENT =
            Pattern.compile("^\\s*(/\\*|\\*|//)").asPredicate();
    /** Of Markdown: rows of tables and addresses, which cannot be broken, and what programs print. */
    private static final Predicate<String> UNBREAKABLE =
            Pattern.compile("^\\s*(\\||\\S+$|\\[.*]: )|https?://").asPredicate();

    private static List<Path> files(String ending) throws IOException {
        assumeTrue(Files.exists(ROOT.resolve("README.md")), "the sources lie beside the module only in a checkout");
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(file -> file.toString().endsWith(ending))
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList();
        }
    }

    private static List<String> longer(List<Path> files, int width, Predicate<String> looked) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (line.codePointCount(0, line.length()) > width && looked.test(line)) {
                    found.add(ROOT.relativize(file) + ":" + (i + 1));
                }
            }
        }
        return found;
    }

    @Test
    void commentsAreShort() throws IOException {
        assertEquals(List.of(), longer(files(".java"), WIDTH, COMMENT));
    }

    @Test
    void documentsAreShort() throws IOException {
        assertEquals(List.of(), longer(files(".md"), WIDTH, UNBREAKABLE.negate()));
    }

    @Test
    void readmeIsShort() throws IOException {
        Path readme = ROOT.resolve("README.md");
        assertEquals(List.of(), longer(List.of(readme), README_WIDTH, line -> true));
    }
}
