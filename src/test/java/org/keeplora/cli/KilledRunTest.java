package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, killed by SIGKILL at random times and resumed, end with the files of one that was left alone. */
final class KilledRunTest {
    private static final long SEED = Long.getLong("keeplora.killSeed", System.nanoTime());
    private static final int KILLS = 20;
    private static final int PATIENCE_MINUTES = 5;
    private static final String TASKS =
            "data.tasks=[{drawn: digits, train: 4, test: 2}, {drawn: land, train: 4, test: 2}]";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Process keeplora(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        File log = folder.resolve("log.txt").toFile();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    private Process start(Path run) throws IOException {
        return keeplora(
                "run",
                "--config",
                "demo",
                "--set",
                TASKS,
                "--set",
                "data.probes=[]",
                "--set",
                "train.epochs=3",
                "--set",
                "train.batch_size=8",
                "--set",
                "save.minutes=0",
                "--set",
                "output=" + run);
    }

    private void requireDone(Process process) throws IOException, InterruptedException {
        assertTrue(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES), "does not end");
        assertEquals(0, process.exitValue(), () -> "log: " + log());
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log.txt"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void killedTwentyTimes() throws IOException, InterruptedException {
        Random random = new Random(SEED);
        Path whole = folder.resolve("whole");
        long started = System.nanoTime();
        requireDone(start(whole));
        int millis = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
        int inTraining = 0;
        int runs = 0;
        Path run = folder.resolve("run" + runs);
        for (int kills = 0; kills < KILLS; ) {
            long before = newestState(run);
            Process process = Files.exists(run) ? keeplora("resume", run.toString()) : start(run);
            if (kills % 3 > 0) { // else while Java starts, and libtorch, and images are decoded
                waitForSave(run, before, process);
            }
            if (process.waitFor(random.nextInt(millis / 3), TimeUnit.MILLISECONDS)) {
                requireDone(process);
                requireSame(whole, run);
                run = folder.resolve("run" + ++runs);
            } else {
                process.destroyForcibly().waitFor();
                kills++;
                inTraining += newestState(run) > before ? 1 : 0;
            }
        }
        requireDone(Files.exists(run) ? keeplora("resume", run.toString()) : start(run));
        requireSame(whole, run);
        assertTrue(inTraining >= KILLS / 2, inTraining + " kills came after a save of their process; seed " + SEED);
        System.out.printf("%d kills, %d of them after saves, %d runs ended%n", KILLS, inTraining, runs + 1);
    }

    private static void waitForSave(Path run, long before, Process process) throws IOException, InterruptedException {
        while (newestState(run) <= before && process.isAlive()) {
            Thread.sleep(10);
        }
    }

    /** 0 where there is none. */
    private static long newestState(Path run) throws IOException {
        Path states = run.resolve("state");
        if (!Files.isDirectory(states)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(states)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("\\d+"))
                    .mapToLong(Long::parseLong)
                    .max()
                    .orElse(0);
        }
    }

    /** Every file is the same, but for times and memory. */
    private static void requireSame(Path whole, Path run) throws IOException {
        assertEquals(names(whole), names(run), "seed " + SEED);
        for (String name : names(whole)) {
            if (name.endsWith(".safetensors") || name.endsWith(".csv")) {
                assertArrayEquals(
                        Files.readAllBytes(whole.resolve(name)),
                        Files.readAllBytes(run.resolve(name)),
                        name + ", seed " + SEED);
            }
        }
        assertEquals(numbers(whole), numbers(run), "seed " + SEED);
    }

    private static List<String> names(Path run) throws IOException {
        try (Stream<Path> files = Files.walk(run)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> run.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static JsonNode numbers(Path run) throws IOException {
        ObjectNode metrics =
                (ObjectNode) JSON.readTree(run.resolve("metrics.json").toFile());
        ((ObjectNode) metrics.get("config")).remove("output");
        return metrics.remove(List.of("stages", "memory", "finished"));
    }
}
