package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages from finished runs, by {@code report} and {@code compare}. */
final class CompareCommandTest {
    private static final Path RUNS = Path.of("test", "resources", "org", "keeplora", "runs", "2026-11-25");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    /** Exit code; what was printed on both streams is in {@link #printed}. */
    private int execute(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(stream);
        System.setErr(stream);
        try {
            return Main.execute(arguments);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static String run(String name) {
        return RUNS.resolve(name).toString();
    }

    @Test
    void comparesFinishedRuns() throws IOException {
        Path page = folder.resolve("new/sides.html");
        assertEquals(
                0, execute("compare", run("lora-42"), run("lora-43"), run("zero-shot-42"), "--out", page.toString()));
        String table = printed.toString(StandardCharsets.UTF_8);
        assertTrue(table.contains("| lora (2 seeds) |"), table);
        assertTrue(table.contains("| zero-shot-42   |"), table);
        assertTrue(Files.readString(page).contains("<h1>3 runs side by side</h1>"));
        assertEquals(4, Files.readAllLines(folder.resolve("new/sides.csv")).size(), "a header and three runs");
    }

    @Test
    void writesTheReportOfARunElsewhere() throws IOException {
        Path page = folder.resolve("page.html");
        assertEquals(0, execute("report", run("paper-0.95-42"), "--out", page.toString()));
        assertTrue(Files.readString(page).contains("<h1>keeplora (paper)</h1>"));

        Files.createFile(folder.resolve("SHA256SUMS"));
        Path inside = folder.resolve("report.html");
        assertEquals(2, execute("report", run("paper-0.95-42"), "--out", inside.toString()));
        Path sides = folder.resolve("sides.html");
        assertEquals(2, execute("compare", run("lora-42"), run("lora-43"), "--out", sides.toString()));
        assertFalse(Files.exists(inside) || Files.exists(sides), "a finished run is not changed");
    }

    @Test
    void mistakesAreOneLine() {
        assertEquals(2, execute("compare", folder.toString()));
        assertEquals(2, execute("compare", run("lora-42"), run("lora-42")));
        assertEquals(2, execute("compare", run("lora-42"), "--out", "table.csv"));
        String text = printed.toString(StandardCharsets.UTF_8);
        assertEquals(3, text.lines().count(), text);
        assertTrue(text.contains("no such file; give the folder of a finished run"), text);
        assertTrue(text.contains("is named twice"), text);
        assertTrue(text.contains("give a name ending in .html"), text);
    }
}
