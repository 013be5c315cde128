package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Fake probes: whatever a process does, its lines and its end are known soon after the limit, and it is gone. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the fake probes are shell scripts")
final class ProbeProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final String KILLED = "did not end within 2 s";
    /** Far less than the sleep of the scripts, far more than a busy machine adds. */
    private static final Duration SOON = Duration.ofSeconds(30);

    private long start;

    @BeforeEach
    void look() {
        start = System.nanoTime();
    }

    /** The system may take a moment to end what was killed. */
    @AfterEach
    void soonAndNothingIsLeft() throws Exception {
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(SOON) < 0, took::toString);
        List<ProcessHandle> left = ProcessHandle.current()
                .descendants()
                .filter(ProbeProcessTest::isFake)
                .toList();
        for (ProcessHandle killed : left) {
            killed.onExit().get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Not a process of another test. */
    private static boolean isFake(ProcessHandle process) {
        return process.info().commandLine().orElse("").contains("sleep 600");
    }

    private static ProbeProcess script(String script) throws IOException, InterruptedException {
        return ProbeProcess.run(List.of("sh", "-c", script), LIMIT);
    }

    @Test
    void oneThatEndsIsReadToItsLastLine() throws Exception {
        assertEquals(
                new ProbeProcess(List.of("step cuBLAS", "fact cuBLAS 130100"), "ended with exit code 127"),
                script("echo step cuBLAS; echo fact cuBLAS 130100; exit 127"));
        List<String> many = script("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo line $i; done")
                .lines();
        assertEquals(20000, many.size(), "more than a pipe holds");
        assertEquals("line 20000", many.get(19999));
    }

    @Test
    void oneThatWritesNothingAndNeverEnds() throws Exception {
        assertEquals(new ProbeProcess(List.of(), KILLED), ProbeProcess.run(List.of("sleep", "600"), LIMIT));
        assertEquals(new ProbeProcess(List.of(), KILLED), script("exec >&-; sleep 600; true"));
    }

    @Test
    void oneThatWritesAndThenHangs() throws Exception {
        ProbeProcess hanging = script("echo step cuSOLVER; sleep 600; echo usable");
        assertEquals(new ProbeProcess(List.of("step cuSOLVER"), KILLED), hanging);
        assertEquals(
                List.of("cuSOLVER: the process that tried it did not end within 2 s"),
                CudaSurvey.of(hanging).obstacles());
    }

    @Test
    void oneThatEndsWhileADescendantHoldsItsOutput() throws Exception {
        ProbeProcess left = script("echo usable; sleep 20 & exit 0");
        assertEquals(new ProbeProcess(List.of("usable"), "ended with exit code 0"), left);
        assertTrue(Duration.ofNanos(System.nanoTime() - start).compareTo(Duration.ofSeconds(15)) < 0);
    }

    @Test
    void anInterruptedCallerLeavesNoProcess() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> ProbeProcess.run(List.of("sleep", "600"), LIMIT));
    }

    @Test
    void oneThatCannotBeStartedIsAnError() {
        assertThrows(IOException.class, () -> ProbeProcess.run(List.of("/no/such/program"), LIMIT));
    }
}
