package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed by SIGKILL at random times and resumed end with the same files as an uninterrupted one. */
@Tag("slow")
final class KilledRunTest {
    private static final long SEED = Long.getLong("keeplora.killSeed", System.nanoTime());
    private static final int KILLS = 20;
    private static final int PATIENCE_MINUTES = 5;
    private static final int EPOCHS = 3;

    @TempDir
    Path folder;

    private Program program() {
        return new Program(folder.resolve("log.txt"));
    }

    private Process start(RunFolder run) throws IOException {
        return program()
                .start(
                        Files.exists(run.path())
                                ? List.of("resume", run.path().toString())
                                : Program.smallRun(EPOCHS, run.path()));
    }

    private void requireDone(Process process) throws IOException, InterruptedException {
        assertTrue(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES), "does not end");
        assertEquals(0, process.exitValue(), program()::printed);
    }

    @Test
    void killedTwentyTimes() throws IOException, InterruptedException {
        Random random = new Random(SEED);
        RunFolder whole = new RunFolder(folder.resolve("whole"));
        long started = System.nanoTime();
        requireDone(start(whole));
        int millis = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
        int inTraining = 0;
        int runs = 0;
        RunFolder run = new RunFolder(folder.resolve("run" + runs));
        for (int kills = 0; kills < KILLS; ) {
            long before = run.newestState();
            Process process = start(run);
            if (kills % 3 > 0) { // otherwise during the start of Java and libtorch and the decoding of images
                run.waitForSave(before, process);
            }
            if (process.waitFor(random.nextInt(millis / 3), TimeUnit.MILLISECONDS)) {
                requireDone(process);
                whole.requireSame(run, "seed " + SEED);
                run = new RunFolder(folder.resolve("run" + ++runs));
            } else {
                process.destroyForcibly().waitFor();
                kills++;
                inTraining += run.newestState() > before ? 1 : 0;
                if (run.isFinished()) { // killed after its last write
                    whole.requireSame(run, "seed " + SEED);
                    run = new RunFolder(folder.resolve("run" + ++runs));
                }
            }
        }
        requireDone(start(run));
        whole.requireSame(run, "seed " + SEED);
        assertTrue(inTraining >= KILLS / 2, inTraining + " kills came after a save of their process; seed " + SEED);
        System.out.printf(
                Locale.ROOT, "%d kills, %d of them after saves, %d runs ended%n", KILLS, inTraining, runs + 1);
    }
}
