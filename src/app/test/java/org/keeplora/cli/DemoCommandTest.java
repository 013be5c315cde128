package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's text about its four finished runs; an existing run is not repeated. */
final class DemoCommandTest {
    private static final Path RUNS = Path.of("test", "resources", "org", "keeplora", "runs", "2026-11-29");
    private static final List<String> METHODS = List.of("zero-shot", "lora", "gradient-lora", "keeplora");

    @TempDir
    Path folder;

    private String demo() throws IOException {
        for (String method : METHODS) {
            Path run = Files.createDirectory(folder.resolve(method));
            Files.copy(RUNS.resolve(method).resolve("metrics.json"), run.resolve("metrics.json"));
        }
        Printed printed = Printed.by("demo", "--out", folder.toString());
        assertEquals(0, printed.exit(), printed.err());
        return printed.out();
    }

    @Test
    void comparesWithBothKindsOfLora() throws IOException {
        String printed = demo();
        assertTrue(printed.startsWith("""

                The same small CLIP learned 6 tasks, one after another, each without the data of the others.
                zero-shot is the model before that, lora trains plain adapters, gradient-lora starts them from the
                task's gradients, and keeplora does so outside of what earlier tasks and pre-training need.

                | run           |           method | seed |"""), printed);
        String verdict = """
                | zero-shot     |        zero-shot |   42 | 38.4 |        0.0 |    59.1 |     40.5 |    38.4 |
                | lora          |             lora |   42 | 44.6 |       10.1 |    29.4 |     37.2 |    41.0 |
                | gradient-lora |    gradient-lora |   42 | 44.4 |       12.1 |    28.9 |     37.9 |    42.0 |
                | keeplora      | keeplora (paper) |   42 | 49.0 |        0.6 |    48.9 |     39.3 |    43.7 |

                - Last (all tasks, after the last one): keeplora ends highest with 49.0 %; the next, lora, has
                  4.3 points less, beyond the uncertainty of ± 3.4 points.
                """;
        assertTrue(printed.contains(verdict), printed);
        assertTrue(Files.readString(folder.resolve("report.html")).contains("<h1>4 runs side by side</h1>"));
    }
}
