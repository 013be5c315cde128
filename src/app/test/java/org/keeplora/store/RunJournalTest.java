package org.keeplora.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class RunJournalTest {
    private static final Logger WARNINGS = Logger.getLogger(RunJournal.class.getPackageName());

    @TempDir
    private Path folder;

    private Path target;

    @BeforeEach
    void name() {
        target = folder.resolve("runs/first");
    }

    @Test
    void aRunIsResumedAndFinishedOnce() throws IOException {
        try (RunJournal run = RunJournal.create(target, "seed: 1\n", "{}")) {
            assertEquals(Optional.empty(), run.latest());
            save(run, 1, 3);
            assertEquals(List.of("00000002", "00000003", "lock"), names(target.resolve("state")));
            assertEquals(target + ": unfinished; its states [3, 2] are as written", RunCheck.verify(target));
        }
        try (RunJournal run = RunJournal.open(target)) {
            assertEquals("seed: 1\n", run.config());
            assertEquals(target, run.target());
            assertEquals(3, run.latest().orElseThrow().number());
            LongRun.checkState(run.latest(), 3);
            Files.writeString(run.file("deep/er/metrics.json"), "{}");
            Files.writeString(run.folder("model").resolve("config.json"), "{}");
            save(run, 4, 4);
            assertEquals(target, run.finish());
            assertThrows(IllegalStateException.class, () -> save(run, 5, 5));
        }
        assertEquals(List.of("SHA256SUMS", "deep", "model", "run.yaml", "start.json"), names(target));
        assertEquals(target + ": finished; all 4 files are as written", RunCheck.verify(target));
        assertProblem("already finished", () -> RunJournal.open(target));
        assertProblem("exists already", () -> RunJournal.create(target, "", ""));
    }

    @Test
    void namesOfStatesAreTheSameInEveryLocale() throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try (RunJournal run = RunJournal.create(target, "", "")) {
            save(run, 1, 2);
            assertEquals(List.of("00000001", "00000002", "lock"), names(target.resolve("state")));
            assertEquals(2, run.latest().orElseThrow().number());
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aRunThatSavedNothingIsDiscarded() throws IOException {
        try (RunJournal run = RunJournal.create(target, "", "")) {
            Files.writeString(run.file("adapters/one"), "cut short");
            run.discardUnlessSaved();
        }
        assertEquals(false, Files.exists(target));
        try (RunJournal run = RunJournal.create(target, "", "")) {
            save(run, 1, 1);
            run.discardUnlessSaved();
        }
        try (RunJournal run = RunJournal.open(target)) {
            LongRun.checkState(run.latest(), 1);
        }
    }

    @Test
    void aFolderThatIsNotARunIsReported() throws IOException {
        assertProblem("no such folder", () -> RunJournal.open(target));
        assertProblem("no such folder", () -> RunCheck.verify(target));
        Files.createDirectories(target);
        assertProblem("not a run of keeplora", () -> RunJournal.open(target));
        assertProblem("not a run of keeplora", () -> RunCheck.verify(target));
    }

    @Test
    void aRunInUseIsRefusedUntilItIsClosed() {
        try (RunJournal run = RunJournal.create(target, "", "")) {
            assertProblem("in use by this process", () -> RunJournal.open(target));
            assertProblem("in use by this process", () -> RunJournal.open(target.resolve("../first")));
            save(run, 1, 1);
        }
        RunJournal.open(target).close();
    }

    @Test
    void namesOfTheRunsOwnFilesAreRefused() {
        try (RunJournal run = RunJournal.create(target, "", "")) {
            for (String name : List.of("../escape", "", "state", "state/x", "SHA256SUMS", "run.yaml", "a/.b.part/c")) {
                assertThrows(IllegalArgumentException.class, () -> run.file(name), name);
                assertThrows(IllegalArgumentException.class, () -> run.folder(name), name);
            }
        }
    }

    @Test
    void leftoversOfCutWritesAreDeleted() throws IOException {
        RunJournal.create(target, "", "").close();
        Files.createDirectories(target.resolve("state/.7.part/deep"));
        Files.writeString(target.resolve("state/.7.part/deep/x"), "x");
        Files.createDirectories(target.resolve("tasks"));
        Files.writeString(target.resolve("tasks/.metrics.json.1-2.part"), "x");
        RunJournal.open(target).close();
        assertEquals(List.of("lock"), names(target.resolve("state")));
        assertEquals(List.of(), names(target.resolve("tasks")));
    }

    @Test
    void aDamagedStateIsSkippedWithAWarningAndReplaced() throws IOException {
        try (RunJournal run = RunJournal.create(target, "", "")) {
            save(run, 1, 3);
        }
        flip(target.resolve("state/00000003/state.safetensors"));
        assertProblem("state.safetensors: changed", () -> RunCheck.verify(target));
        try (RunJournal run = RunJournal.open(target)) {
            List<String> warnings = warnings(() -> LongRun.checkState(run.latest(), 2));
            assertEquals(1, warnings.size());
            assertTrue(warnings.get(0).contains("00000003"), warnings.get(0));
            save(run, 4, 4);
            assertEquals(List.of("00000002", "00000004", "lock"), names(target.resolve("state")));
            LongRun.checkState(run.latest(), 4);
        }
    }

    @Test
    void whenAllStatesAreDamagedThatIsReported() throws IOException {
        try (RunJournal run = RunJournal.create(target, "", "")) {
            save(run, 1, 2);
            Files.delete(target.resolve("state/00000001/state.safetensors"));
            Files.writeString(target.resolve("state/00000002/SHA256SUMS"), "");
            warnings(() -> assertProblem("start a new run", run::latest));
        }
    }

    @Test
    void verifyFindsWhatWasChanged() throws IOException {
        new LongRun(target).run();
        flip(target.resolve("tasks/03/adapters.safetensors"));
        assertProblem("adapters.safetensors: changed", () -> RunCheck.verify(target));
        Files.delete(target.resolve("tasks/03/adapters.safetensors"));
        assertProblem("adapters.safetensors: listed", () -> RunCheck.verify(target));
    }

    @Test
    void aFullDiskIsReportedWithAdvice() throws IOException {
        RunJournal.create(target, "", "").close();
        FaultyDisk disk = new FaultyDisk(folder, FaultyDisk.Fault.FULL, 1);
        try (RunJournal run = RunJournal.open(disk.wrap(target))) {
            String message = assertThrows(UncheckedIOException.class, () -> save(run, 1, 1))
                    .getMessage();
            assertTrue(message.endsWith("disk full: free space, then keeplora resume " + target), message);
        }
    }

    private static void save(RunJournal run, int first, int last) {
        for (int step = first; step <= last; step++) {
            run.save(LongRun.arrays(step), LongRun.facts(step));
        }
    }

    /** Flips one bit in the middle of the file. */
    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private static List<String> warnings(Executable action) {
        List<String> heard = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord message) {
                heard.add(new SimpleFormatter().formatMessage(message));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        WARNINGS.addHandler(handler);
        WARNINGS.setUseParentHandlers(false);
        try {
            action.execute();
        } catch (Throwable e) {
            throw new AssertionError(e);
        } finally {
            WARNINGS.setUseParentHandlers(true);
            WARNINGS.removeHandler(handler);
        }
        assertFalse(heard.isEmpty(), "a warning is due");
        return heard;
    }

    private static void assertProblem(String problem, Executable action) {
        String message = assertThrows(BadFile.class, action).getMessage();
        assertTrue(message.contains(problem), message);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
