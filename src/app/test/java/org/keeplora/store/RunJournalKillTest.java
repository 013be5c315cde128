package org.keeplora.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Processes that save without end and are killed. */
@Tag("slow")
final class RunJournalKillTest {
    private static final int KILLS = 10;
    private static final int LONGEST_LIFE_MILLIS = 200;

    @TempDir
    private Path folder;

    /** The program of the process: resumes the run in the given folder, and prints the number of each saved state. */
    static final class Saving {
        private Saving() {}

        public static void main(String... arguments) {
            Path target = Path.of(arguments[0]);
            try (RunJournal run = Files.exists(target) ? RunJournal.open(target) : RunJournal.create(target, "", "")) {
                for (int step = LongRun.step(run) + 1; ; step++) {
                    run.save(LongRun.arrays(step), LongRun.facts(step));
                    System.out.println(step);
                }
            } catch (BadFile e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static Process start(Path target) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Saving.class.getName(),
                        target.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void aKilledProcessLosesNothingItSaved() throws Exception {
        Path target = folder.resolve("run");
        Random random = new Random(7);
        int saved = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            Process process = start(target);
            try (BufferedReader output = process.inputReader()) {
                int first = Integer.parseInt(output.readLine());
                assertTrue(first > saved, "the process went on from " + saved + ", not to " + first);
                saved = first;
                if (kill == 1) {
                    assertInUse("another process", () -> RunJournal.open(target));
                }
                Thread.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
                assertTrue(process.toHandle().destroyForcibly(), "Process.destroyForcibly would close the output too");
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    saved = Integer.parseInt(line);
                }
            }
            assertTrue(process.waitFor(10, TimeUnit.SECONDS));
            try (RunJournal run = RunJournal.open(target)) {
                int found = LongRun.step(run);
                assertTrue(found == saved || found == saved + 1, "saved " + saved + ", found " + found);
                LongRun.checkState(run.latest(), found);
                saved = found;
            }
        }
        System.out.printf(Locale.ROOT, "RunJournal: killed %d times, %d states saved%n", KILLS, saved);
    }

    @Test
    void aRefusedOpenLeavesTheLockToItsHolder() throws Exception {
        Path target = folder.resolve("run");
        try (RunJournal run = RunJournal.create(target, "", "")) {
            assertInUse("this process", () -> RunJournal.open(target));
            Process other = start(target);
            try (BufferedReader output = other.inputReader()) {
                String line = output.readLine();
                assertNotNull(line);
                assertTrue(line.contains("in use by another process"), line);
            } finally {
                other.destroyForcibly();
            }
            assertEquals(0, LongRun.step(run));
        }
    }

    private static void assertInUse(String who, Executable open) {
        String message = assertThrows(BadFile.class, open).getMessage();
        assertTrue(message.contains("in use by " + who), message);
    }
}
