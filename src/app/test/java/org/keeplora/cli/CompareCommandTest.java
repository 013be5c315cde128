package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages made from finished runs by {@code report} and {@code compare}. */
final class CompareCommandTest {
    private static final Path RUNS = Path.of("test", "resources", "org", "keeplora", "runs", "2026-11-25");

    @TempDir
    Path folder;

    private static String run(String name) {
        return RUNS.resolve(name).toString();
    }

    @Test
    void comparesFinishedRuns() throws IOException {
        Path page = folder.resolve("new/sides.html");
        Printed printed =
                Printed.by("compare", run("lora-42"), run("lora-43"), run("zero-shot-42"), "--out", page.toString());
        assertEquals(0, printed.exit(), printed.err());
        String table = printed.out();
        assertTrue(table.contains("| lora (2 seeds) |"), table);
        assertTrue(table.contains("| zero-shot-42   |"), table);
        assertTrue(Files.readString(page).contains("<h1>3 runs side by side</h1>"));
        assertEquals(4, Files.readAllLines(folder.resolve("new/sides.csv")).size(), "a header and three runs");
    }

    @Test
    void writesTheReportOfARunElsewhere() throws IOException {
        Path page = folder.resolve("page.html");
        assertEquals(
                0,
                Printed.by("report", run("paper-0.95-42"), "--out", page.toString())
                        .exit());
        assertTrue(Files.readString(page).contains("<h1>keeplora (paper)</h1>"));

        Files.createFile(folder.resolve("SHA256SUMS"));
        Path inside = folder.resolve("report.html");
        assertEquals(
                2,
                Printed.by("report", run("paper-0.95-42"), "--out", inside.toString())
                        .exit());
        Path sides = folder.resolve("sides.html");
        assertEquals(
                2,
                Printed.by("compare", run("lora-42"), run("lora-43"), "--out", sides.toString())
                        .exit());
        assertFalse(Files.exists(inside) || Files.exists(sides), "a finished run is not changed");
    }

    @Test
    void mistakesAreOneLine() {
        assertMistake("no such file; give the folder of a finished run", "compare", folder.toString());
        assertMistake("is named twice", "compare", run("lora-42"), run("lora-42"));
        assertMistake("give a name ending in .html", "compare", run("lora-42"), "--out", "table.csv");
        assertMistake("give a name ending in .html", "compare", run("lora-42"), "--out", "/");
        assertMistake("give the name of a file", "report", run("lora-42"), "--out", "/");
    }

    private static void assertMistake(String part, String... arguments) {
        Printed printed = Printed.by(arguments);
        assertEquals(2, printed.exit());
        assertEquals("", printed.out());
        assertEquals(1, printed.err().lines().count(), printed.err());
        assertTrue(printed.err().contains(part), printed.err());
    }
}
