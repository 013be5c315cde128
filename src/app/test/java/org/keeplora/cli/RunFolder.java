package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folder of a run, finished or not. */
record RunFolder(Path path) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Number of the last state; 0 when there is none. */
    long newestState() throws IOException {
        Path states = path.resolve("state");
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

    /** Whether the list of all files is written, which is the last step of a run. */
    boolean isFinished() {
        return Files.exists(path.resolve("SHA256SUMS"));
    }

    /** Waits until a state after number {@code before} exists, or the process has ended. */
    void waitForSave(long before, Process process) throws IOException, InterruptedException {
        while (newestState() <= before && process.isAlive()) {
            Thread.sleep(10);
        }
    }

    /** Waits until the run is in the middle of its first task. */
    void waitForTraining(Process process, Program program) throws IOException, InterruptedException {
        waitForSave(2, process);
        assertTrue(process.isAlive() && newestState() > 2, program::printed);
    }

    /** Checks that every file is the same, except for times and memory. */
    void requireSame(RunFolder other, String hint) throws IOException {
        assertEquals(names(), other.names(), hint);
        for (String name : names()) {
            if (name.endsWith(".safetensors") || name.endsWith(".csv")) {
                assertArrayEquals(
                        Files.readAllBytes(path.resolve(name)),
                        Files.readAllBytes(other.path.resolve(name)),
                        name + ", " + hint);
            }
        }
        assertEquals(numbers(), other.numbers(), hint);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> path.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private JsonNode numbers() throws IOException {
        ObjectNode metrics =
                (ObjectNode) JSON.readTree(path.resolve("metrics.json").toFile());
        ((ObjectNode) metrics.get("config")).remove("output");
        return metrics.remove(List.of("stages", "memory", "finished"));
    }

    void copyTo(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(path.relativize(file).toString()));
            }
        }
    }
}
