package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.distributed.LostProcess;
import org.keeplora.distributed.ProcessThreads;
import org.keeplora.distributed.Rendezvous;

/** Runs of several real processes: stopped, killed, hanging, alone, or with other inputs than the rest. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "signals are those of Linux")
@Tag("slow")
final class LocalProcessesTest {
    private static final int EPOCHS = 3;
    private static final int TIMEOUT_SECONDS = 5;
    /** Limit for a run from the start of Java to the report, on a busy machine. */
    private static final int PATIENCE_SECONDS = 180;
    /** Additional time that a busy machine needs. */
    private static final int SLACK_SECONDS = 20;

    @TempDir
    private Path folder;

    private Program program() {
        return new Program(folder.resolve("log.txt"));
    }

    private RunFolder run(String name) {
        return new RunFolder(folder.resolve(name));
    }

    private Process runInTwo(RunFolder run, int timeoutSeconds) throws IOException {
        Map<String, String> environment = Map.of(Rendezvous.TIMEOUT, String.valueOf(timeoutSeconds));
        List<String> arguments = Program.smallRun(EPOCHS, run.path(), "--nproc", "2");
        return program().start(folder, environment, Program.command(arguments));
    }

    private Process runInMicroBatches(int processes, RunFolder run) throws IOException {
        String[] more = {"--nproc", "" + processes, "--set", "train.micro_batches=4", "--set", "runtime.threads=1"};
        return program().start(Program.smallRun(EPOCHS, run.path(), more));
    }

    private Process resume(RunFolder run, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("resume", run.path().toString()));
        arguments.addAll(List.of(more));
        return program().start(arguments);
    }

    private void requireCode(int code, Process process, long seconds) throws InterruptedException {
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        assertTrue(
                ended,
                () -> "does not end within " + seconds + " s: " + program().printed());
        assertEquals(code, process.exitValue(), program()::printed);
    }

    private void requireDone(Process process) throws InterruptedException {
        requireCode(Main.OK, process, PATIENCE_SECONDS);
    }

    private void requirePrinted(String... parts) {
        String printed = program().printed();
        for (String part : parts) {
            assertTrue(printed.contains(part), () -> "\"" + part + "\" is not in: " + printed);
        }
        assertFalse(printed.contains("frame #") || printed.contains("[c10d]"), () -> "native noise in: " + printed);
    }

    /** Process 1 of a supervisor, which starts it after process 0. */
    private static ProcessHandle secondChild(Process supervisor) {
        return supervisor
                .children()
                .sorted(Comparator.comparingLong(ProcessHandle::pid))
                .skip(1)
                .findFirst()
                .orElseThrow();
    }

    private static void signal(String name, long process) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process)).start();
        assertEquals(0, kill.waitFor());
    }

    /** Also shows that two processes compute the same bits every time. */
    @Test
    void stoppedProcessesSaveAfterTheSameStepAndResumeToTheSameBits() throws IOException, InterruptedException {
        RunFolder whole = run("whole");
        requireDone(runInTwo(whole, PATIENCE_SECONDS));
        RunFolder stopped = run("stopped");
        Process supervisor = runInTwo(stopped, PATIENCE_SECONDS);
        stopped.waitForTraining(supervisor, program());
        supervisor.destroy();
        requireCode(128 + 15, supervisor, SLACK_SECONDS);
        requirePrinted(
                "keeplora: stopped and saved in task 1, after ", "continue with: keeplora resume " + stopped.path());
        requireDone(resume(stopped, "--nproc", "2"));
        whole.requireSame(stopped, "stopped and resumed");
    }

    @Test
    void inMicroBatchesMoreProcessesResumeToTheBitsOfOne() throws IOException, InterruptedException {
        RunFolder whole = run("one");
        requireDone(runInMicroBatches(1, whole));
        RunFolder stopped = run("two-then-four");
        Process supervisor = runInMicroBatches(2, stopped);
        stopped.waitForTraining(supervisor, program());
        supervisor.destroy();
        requireCode(128 + 15, supervisor, SLACK_SECONDS);
        requireDone(resume(stopped, "--nproc", "4"));
        whole.requireSame(stopped, "begun in two, continued in four");
    }

    @Test
    void microBatchesThatCannotBeDividedEvenlyAreRefused() throws IOException, InterruptedException {
        requireCode(Main.USER_ERROR, runInMicroBatches(3, run("three")), PATIENCE_SECONDS);
        requirePrinted(
                "train.micro_batches is 4, which 3 processes cannot divide evenly; start 1, 2, 4 or another power of two");
    }

    @Test
    void killedProcessIsNamedAndFewerOrMoreProcessesResume() throws IOException, InterruptedException {
        RunFolder run = run("killed");
        Process supervisor = runInTwo(run, PATIENCE_SECONDS);
        run.waitForTraining(supervisor, program());
        ProcessHandle second = secondChild(supervisor);
        second.destroyForcibly();
        requireCode(Main.LOST_PROCESS, supervisor, LostProcess.DIAGNOSIS.toSeconds() + SLACK_SECONDS);
        requirePrinted(
                "keeplora: process 1 ended with exit code 137 (signal 9)",
                "keeplora: process 1 (host " + InetAddress.getLocalHost().getHostName() + ", pid " + second.pid()
                        + ") has died or cannot be reached; it was last at ",
                "; process 0 waited for it in ",
                "; continue with: keeplora resume " + run.path());
        RunFolder copy = run("copy");
        run.copyTo(copy.path());
        requireDone(program().start(List.of("verify", run.path().toString())));
        requireDone(resume(run));
        requireDone(resume(copy, "--nproc", "3"));
    }

    @Test
    void stoppedProcessIsNamedAndEnded() throws IOException, InterruptedException {
        RunFolder run = run("hanging");
        Process supervisor = runInTwo(run, TIMEOUT_SECONDS);
        run.waitForTraining(supervisor, program());
        ProcessHandle second = secondChild(supervisor);
        signal("STOP", second.pid());
        long bound = TIMEOUT_SECONDS + LostProcess.DIAGNOSIS.toSeconds() + LocalProcesses.GRACE.toSeconds();
        requireCode(Main.LOST_PROCESS, supervisor, bound + SLACK_SECONDS);
        requirePrinted(
                "pid " + second.pid() + ") has died or cannot be reached; it was last at ",
                "keeplora: process 0 ended with exit code 3",
                "keeplora: process 1 (pid " + second.pid() + ") has not ended within ");
        String printed = program().printed();
        assertTrue( // of two sums in progress, the first to time out ends the other
                printed.contains("Timed out waiting " + TIMEOUT_SECONDS + "000ms")
                        || printed.contains("Application timeout caused pair closure"),
                printed);
        assertFalse(second.isAlive());
    }

    @Test
    void processesEndWithTheirSupervisor() throws IOException, InterruptedException {
        RunFolder run = run("orphaned");
        Process supervisor = runInTwo(run, PATIENCE_SECONDS);
        run.waitForTraining(supervisor, program());
        List<ProcessHandle> processes = supervisor.children().toList();
        supervisor.destroyForcibly().waitFor();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SLACK_SECONDS);
        while (processes.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < end) {
            Thread.sleep(100);
        }
        assertEquals(2, processes.size());
        assertTrue(processes.stream().noneMatch(ProcessHandle::isAlive));
    }

    private Process process(int index, int port, Path where, List<String> arguments) throws IOException {
        Map<String, String> environment = Map.of(
                Rendezvous.RANK, String.valueOf(index),
                Rendezvous.WORLD_SIZE, "2",
                Rendezvous.LOCAL_WORLD_SIZE, "2",
                Rendezvous.MASTER_ADDR, "127.0.0.1",
                Rendezvous.MASTER_PORT, String.valueOf(port),
                Rendezvous.INTERFACE, "lo",
                Rendezvous.TIMEOUT, String.valueOf(PATIENCE_SECONDS));
        return program().start(where, environment, Program.command(arguments));
    }

    /** Both processes end with the exit code {@code code} and the message. */
    private void requireRefused(int code, Process first, Process second, String message) throws InterruptedException {
        requireCode(code, first, PATIENCE_SECONDS);
        requireCode(code, second, PATIENCE_SECONDS);
        requirePrinted(message);
        assertEquals(
                2,
                program()
                        .printed()
                        .lines()
                        .filter(("keeplora: " + message)::equals)
                        .count(),
                program()::printed);
    }

    @Test
    void otherConfigurationIsFoundOnEveryProcess() throws IOException, InterruptedException {
        int port = ProcessThreads.freePort();
        RunFolder run = run("refused");
        requireRefused(
                Main.USER_ERROR,
                process(0, port, folder, Program.smallRun(1, run.path())),
                process(1, port, folder, Program.smallRun(2, run.path())),
                "the configuration is not the same on every process: process 1 differs from process 0; give every process the same"
                        + " file and settings, runtime.threads too");
        assertFalse(Files.exists(run.path()));
    }

    @Test
    void otherModelAndOtherDataAreFoundOnEveryProcess() throws IOException, InterruptedException {
        RunFolder run = run("refused");
        List<String> arguments = Program.smallRun(1, run.path(), "--set", "model.checkpoint=clip");
        Path one = machine("one");
        Path other = machine("other");
        Path weights = other.resolve("clip/model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 2] ^= 1;
        Files.write(weights, bytes, StandardOpenOption.TRUNCATE_EXISTING);
        int port = ProcessThreads.freePort();
        requireRefused(
                Main.USER_ERROR,
                process(0, port, one, arguments),
                process(1, port, other, arguments),
                "the pre-trained model is not the same on every process: process 1 differs from process 0; put the same checkpoint"
                        + " on every machine");
        Path more = machine("more");
        picture(more.resolve("pictures/train/cat/2.png"));
        arguments.addAll(List.of("--set", "data.tasks=[{name: pets, folder: pictures}]"));
        requireRefused(
                Main.USER_ERROR,
                process(0, port, one, arguments),
                process(1, port, more, arguments),
                "the data are not the same on every process: process 1 differs from process 0; put the same data sets on every"
                        + " machine");
        assertFalse(Files.exists(run.path()));
    }

    /** A folder in which the paths of one configuration lead to a model and a data set. */
    private Path machine(String name) throws IOException {
        Path machine = Files.createDirectory(folder.resolve(name));
        new RunFolder(BuiltInClip.folder()).copyTo(machine.resolve("clip"));
        for (String part : List.of("train/cat", "train/dog", "test/cat", "test/dog")) {
            picture(machine.resolve("pictures").resolve(part).resolve("1.png"));
        }
        return machine;
    }

    private static void picture(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    }

    @Test
    void failingProcessTellsTheOthersWhy() throws IOException, InterruptedException {
        RunFolder run = run("taken");
        Files.createDirectory(run.path());
        int port = ProcessThreads.freePort();
        Process first = process(0, port, folder, Program.smallRun(1, run.path()));
        Process second = process(1, port, folder, Program.smallRun(1, run.path()));
        requireCode(Main.USER_ERROR, first, PATIENCE_SECONDS);
        requireCode(Main.LOST_PROCESS, second, PATIENCE_SECONDS);
        String reason =
                run.path() + ": exists already; continue it with keeplora resume, remove it, or choose another name";
        requirePrinted(
                "keeplora: " + reason,
                "pid " + first.pid() + ") ended: " + reason + "; process 1 waited for it in comparing whether the"
                        + " pre-trained model is the same");
    }
}
