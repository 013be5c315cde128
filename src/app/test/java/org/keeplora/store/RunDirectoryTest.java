package org.keeplora.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunDirectoryTest {
    /** SHA-256 of the three bytes "abc" (FIPS 180-2, appendix B.1). */
    private static final String SHA256_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path folder;

    @Test
    void aCommittedRunAppearsWholeWithItsChecksums() throws IOException {
        Path target = folder.resolve("runs/first");
        try (RunDirectory run = RunDirectory.create(target)) {
            Files.writeString(run.file("metrics.json"), "abc");
            Files.writeString(run.file("task1/adapters.bin"), "");
            assertTrue(Files.notExists(target), "nothing is visible before commit");
            assertEquals(target, run.commit());
        }
        assertEquals(List.of("runs", "runs/first"), below(folder).subList(0, 2));
        List<String> sums = Files.readAllLines(target.resolve("SHA256SUMS"));
        assertEquals(SHA256_ABC + "  metrics.json", sums.get(0));
        assertTrue(sums.get(1).endsWith("  task1/adapters.bin"));
        RunDirectory.verify(target);
    }

    @Test
    void anAbandonedRunLeavesNothing() throws IOException {
        try (RunDirectory run = RunDirectory.create(folder.resolve("deep/er/run"))) {
            Files.writeString(run.file("a/b/c"), "x");
        }
        assertEquals(List.of(), below(folder));
    }

    @Test
    void anExistingFolderIsNeverTouched() throws IOException {
        Path target = Files.createDirectory(folder.resolve("run"));
        assertTrue(assertThrows(BadFile.class, () -> RunDirectory.create(target))
                .getMessage()
                .contains("exists already"));
        Files.delete(target);
        try (RunDirectory run = RunDirectory.create(target)) {
            Files.createDirectory(target);
            assertThrows(BadFile.class, run::commit);
        }
        assertEquals(List.of("run"), below(folder));
    }

    @Test
    void namesOutsideTheFolderAreRefused() {
        try (RunDirectory run = RunDirectory.create(folder.resolve("run"))) {
            assertThrows(IllegalArgumentException.class, () -> run.file("../escape"));
            assertThrows(IllegalArgumentException.class, () -> run.file(""));
        }
    }

    @Test
    void verifyNamesWhatChanged() throws IOException {
        Path target = folder.resolve("run");
        try (RunDirectory run = RunDirectory.create(target)) {
            Files.writeString(run.file("a"), "1");
            run.commit();
        }
        Files.writeString(target.resolve("b"), "new");
        assertProblem(target, "b: not listed");
        Files.delete(target.resolve("b"));
        Files.writeString(target.resolve("a"), "2");
        assertProblem(target, "a: changed");
        Files.delete(target.resolve("a"));
        assertProblem(target, "missing");
        Files.delete(target.resolve("SHA256SUMS"));
        assertProblem(target, "SHA256SUMS: no such file");
    }

    private static void assertProblem(Path target, String problem) {
        String message =
                assertThrows(BadFile.class, () -> RunDirectory.verify(target)).getMessage();
        assertTrue(message.contains(problem), message);
    }

    private static List<String> below(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.skip(1)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
