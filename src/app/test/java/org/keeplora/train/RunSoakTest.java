package org.keeplora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Memory does not grow from task to task, and no basis exceeds its space. Uses {@link RunSoak} with few tasks; for more
 * set {@code -Dkeeplora.soakTasks=100}.
 */
@Tag("slow")
final class RunSoakTest {
    private static final int TASKS = Integer.getInteger("keeplora.soakTasks", 20);
    private static final int WIDTH = 64;
    private static final double FLAT = 1.02;

    @TempDir
    Path folder;

    private record Line(int task, double seconds, long resident, int fullest) {
        static Line of(String text) {
            String[] fields = text.split(" ");
            return new Line(
                    Integer.parseInt(fields[0]),
                    Double.parseDouble(fields[1]),
                    Long.parseLong(fields[2]),
                    Integer.parseInt(fields[3]));
        }
    }

    @Test
    void manyTasksNeedNoMoreMemoryThanFew() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "resident memory is read from /proc");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms128m", // a fixed heap, and a compiler that finishes soon
                        "-Xmx128m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RunSoak.class.getName(),
                        Integer.toString(TASKS),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, process.waitFor(), () -> String.join("\n", output));
        List<Line> lines = output.stream().map(Line::of).toList();
        assertEquals(TASKS + 1, lines.size());
        int fullest = lines.stream().mapToInt(Line::fullest).max().orElseThrow();
        assertTrue(fullest <= WIDTH, fullest + " directions of " + WIDTH);
        List<Line> middle = lines.subList(TASKS / 2, TASKS * 3 / 4);
        List<Line> end = lines.subList(TASKS * 3 / 4, TASKS + 1);
        double growth = mean(end, line -> (double) line.resident()) / mean(middle, line -> (double) line.resident());
        assertTrue(growth <= FLAT, "resident memory grew by a factor of " + growth + ":\n" + String.join("\n", output));
        System.out.printf(
                Locale.ROOT,
                "%d tasks: memory x %.4f, time x %.2f, fullest basis %d of %d%n",
                TASKS,
                growth,
                mean(end, Line::seconds) / mean(middle, Line::seconds),
                fullest,
                WIDTH);
    }

    private static double mean(List<Line> lines, Function<Line, Double> value) {
        return lines.stream().mapToDouble(value::apply).average().orElseThrow();
    }
}
