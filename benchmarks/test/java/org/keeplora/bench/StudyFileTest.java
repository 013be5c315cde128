package org.keeplora.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From folders of runs to a study's file, and from that to the table of the page. */
class StudyFileTest {
    private static final Path HERE = Path.of(System.getProperty("basedir", "benchmarks"));
    private static final Path STUDY = HERE.resolve("results/mechanism.csv");
    private static final Path RUNS = HERE.resolve("../src/app/test/resources/org/keeplora/runs/2026-11-25");

    @TempDir
    private Path work;

    @Test
    void committedLinesAreWhatTheProgramMakesOfTheirRuns() throws IOException {
        Path file = work.resolve("study.csv");
        List<String> names = List.of("lora-42", "lora-43", "paper-0.95-42", "zero-shot-42");
        StudyFile.main(Stream.concat(
                        Stream.of(file.toString()),
                        names.stream().map(RUNS::resolve).map(Path::toString))
                .toArray(String[]::new));
        List<String> lines = Files.readAllLines(file);
        List<String> beginnings = names.stream()
                .map(name -> name.replaceFirst("-(\\d+)$", ",$1,"))
                .toList();
        List<String> committed = Files.readAllLines(STUDY).stream()
                .filter(line -> beginnings.stream().anyMatch(line::startsWith))
                .toList();
        assertEquals(committed, lines.subList(1, lines.size()));
        assertTrue(lines.contains("paper-0.95,42,width,,vision.q,128"), "what is protected is in the file");
    }

    @Test
    void thePageHasTheTableThatTheProgramMakes() throws IOException {
        String table = TradeOff.table(STUDY);
        assertTrue(Files.readString(HERE.resolve("results/README.md")).contains(table), table);
    }
}
