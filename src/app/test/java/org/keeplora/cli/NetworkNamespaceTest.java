package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.distributed.LostProcess;
import org.keeplora.distributed.Rendezvous;

/** One process on each of two hosts with their own addresses. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "network namespaces are Linux's")
@Tag("slow")
final class NetworkNamespaceTest {
    private static final int PORT = 29500;
    private static final int EPOCHS = 3;
    private static final int TIMEOUT_SECONDS = 5;
    private static final int PATIENCE_SECONDS = 180;
    /** Additional time that a busy machine needs. */
    private static final int SLACK_SECONDS = 20;

    @TempDir
    private Path folder;

    private Program program(int index) {
        return new Program(folder.resolve("process" + index + ".txt"));
    }

    private Process process(int index, TwoHosts hosts, int timeoutSeconds, List<String> arguments) throws IOException {
        Map<String, String> environment = Map.of(
                Rendezvous.RANK, String.valueOf(index),
                Rendezvous.WORLD_SIZE, "2",
                Rendezvous.MASTER_ADDR, TwoHosts.address(0),
                Rendezvous.MASTER_PORT, String.valueOf(PORT),
                Rendezvous.INTERFACE, TwoHosts.INTERFACE,
                Rendezvous.TIMEOUT, String.valueOf(timeoutSeconds));
        return program(index).start(folder, environment, hosts.on(index, Program.command(arguments)));
    }

    private void requireCode(int code, int index, Process process, long seconds) throws InterruptedException {
        assertTrue(
                process.waitFor(seconds, TimeUnit.SECONDS),
                () -> "process " + index + " does not end within " + seconds + " s: "
                        + program(index).printed());
        assertEquals(code, process.exitValue(), program(index)::printed);
    }

    private void requireSaid(int index, String start, String end) {
        String said = program(index)
                .printed()
                .lines()
                .filter(line -> line.startsWith("keeplora: "))
                .findFirst()
                .orElseGet(program(index)::printed);
        assertTrue(said.startsWith(start) && said.endsWith(end), said);
    }

    @Test
    void disconnectedProcessesEndAndResumeWhenTheCableIsBack() throws IOException, InterruptedException {
        try (TwoHosts hosts = TwoHosts.make()) {
            RunFolder run = new RunFolder(folder.resolve("run"));
            List<String> arguments = Program.smallRun(EPOCHS, run.path());
            Process first = process(0, hosts, TIMEOUT_SECONDS, arguments);
            Process second = process(1, hosts, TIMEOUT_SECONDS, arguments);
            run.waitForTraining(first, program(0));
            requireListening(hosts);
            hosts.cut();
            long cut = System.nanoTime();
            long bound = TIMEOUT_SECONDS + LostProcess.DIAGNOSIS.toSeconds() + SLACK_SECONDS;
            requireCode(Main.LOST_PROCESS, 0, first, bound);
            requireCode(Main.LOST_PROCESS, 1, second, bound - TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - cut));
            System.out.printf(Locale.ROOT, "both processes ended within %.1f s%n", (System.nanoTime() - cut) / 1e9);
            requireSaid(0, "keeplora: process 1 (host ", "; continue with: keeplora resume " + run.path());
            requireSaid(
                    1,
                    "keeplora: process 0 (" + TwoHosts.address(0) + ", port " + PORT
                            + ") has ended or cannot be reached",
                    "; where process 0 ran, continue with: keeplora resume " + run.path());
            hosts.mend();
            List<String> resume = List.of("resume", run.path().toString());
            first = process(0, hosts, PATIENCE_SECONDS, resume);
            second = process(1, hosts, PATIENCE_SECONDS, resume);
            requireCode(Main.OK, 0, first, PATIENCE_SECONDS);
            requireCode(Main.OK, 1, second, PATIENCE_SECONDS);
            requireCode(
                    Main.OK, 0, program(0).start(List.of("verify", run.path().toString())), PATIENCE_SECONDS);
        }
    }

    /** The store listens on all addresses, as in PyTorch; sums listen only on the address of the named interface. */
    private static void requireListening(TwoHosts hosts) throws IOException, InterruptedException {
        String port = ":" + HexFormat.of().withUpperCase().toHexDigits((short) PORT);
        for (int host = 0; host < 2; host++) {
            String own = hexAddress(TwoHosts.address(host));
            List<String> all = hosts.listening(host);
            List<String> sums =
                    all.stream().filter(listener -> !listener.endsWith(port)).toList();
            assertTrue(!sums.isEmpty() && sums.stream().allMatch(listener -> listener.startsWith(own)), all::toString);
            assertEquals(host == 0 ? 1 : 0, all.size() - sums.size(), all::toString);
        }
        String everywhere = "0".repeat(32);
        assertTrue(
                hosts.listening(0).contains(everywhere + port),
                () -> "the store of process 0 listens at another address than all");
    }

    /** The address as in /proc/net/tcp: the last byte first. */
    private static String hexAddress(String address) {
        StringBuilder hex = new StringBuilder();
        for (String part : address.split("\\.")) {
            hex.insert(0, HexFormat.of().withUpperCase().toHexDigits((byte) Integer.parseInt(part)));
        }
        return hex.toString();
    }
}
