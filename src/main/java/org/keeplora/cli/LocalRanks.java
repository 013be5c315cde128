package org.keeplora.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.keeplora.ranks.Rendezvous;

/** The ranks of one run as processes of this program on this machine, started and watched until all have ended. */
final class LocalRanks implements AutoCloseable {
    /** What the others need to say who is missing, and to end. */
    private static final int GRACE_SECONDS = 30;

    private static final int POLL_MILLIS = 100;
    private static final int SIGNALLED = 128;
    private static final String LOOPBACK = "lo";
    private static final String VISIBLE_GPUS = "CUDA_VISIBLE_DEVICES";
    /** What Gloo prints when it has connected. */
    private static final String CHATTER = "[Gloo] Rank ";

    private final List<Process> processes = new ArrayList<>();
    private final Thread hook = new Thread(this::stop, "local-ranks");

    /** Starts {@code count} processes with the arguments of this one; returns the exit code of the first that fails, or 0. */
    static int run(int count, List<String> arguments) throws IOException {
        try (LocalRanks ranks = new LocalRanks()) {
            int port = freePort();
            for (int rank = 0; rank < count; rank++) {
                ranks.start(rank, count, port, arguments);
            }
            return ranks.await();
        }
    }

    private LocalRanks() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void start(int rank, int count, int port, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        environment(builder.environment(), rank, count, port);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        if (rank == 0) {
            builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        }
        Process process = builder.start();
        processes.add(process);
        copy(process.getInputStream(), System.out, "");
        if (rank > 0) {
            copy(process.getErrorStream(), System.err, "[rank " + rank + "] ");
        }
    }

    /** What torchrun sets; and the GPU of each rank, which is the first that it sees. */
    private static void environment(Map<String, String> environment, int rank, int count, int port) {
        environment.put(Rendezvous.RANK, String.valueOf(rank));
        environment.put(Rendezvous.LOCAL_RANK, String.valueOf(rank));
        environment.put(Rendezvous.WORLD_SIZE, String.valueOf(count));
        environment.put(Rendezvous.LOCAL_WORLD_SIZE, String.valueOf(count));
        environment.put(Rendezvous.MASTER_ADDR, InetAddress.getLoopbackAddress().getHostAddress());
        environment.put(Rendezvous.MASTER_PORT, String.valueOf(port));
        environment.putIfAbsent(Rendezvous.INTERFACE, LOOPBACK);
        String visible = environment.get(VISIBLE_GPUS);
        String[] gpus = visible == null ? new String[0] : visible.split(",");
        environment.put(VISIBLE_GPUS, rank < gpus.length ? gpus[rank].trim() : String.valueOf(rank));
    }

    /** Line by line, as several processes write to the same place. */
    private static void copy(InputStream from, PrintStream to, String prefix) {
        Thread copier = new Thread(
                () -> new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))
                        .lines()
                        .filter(line -> !line.startsWith(CHATTER))
                        .forEach(line -> to.println(prefix + line)),
                "rank-output");
        copier.setDaemon(true);
        copier.start();
    }

    private int await() {
        long deadline = Long.MAX_VALUE;
        int code = 0;
        while (processes.stream().anyMatch(Process::isAlive)) {
            int failed = firstFailed();
            if (failed >= 0 && deadline == Long.MAX_VALUE) {
                code = processes.get(failed).exitValue();
                deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GRACE_SECONDS);
                System.err.println("keeplora: rank " + failed + " ended with exit code " + described(code));
            }
            if (System.nanoTime() > deadline) {
                processes.forEach(Process::destroyForcibly);
            }
            pause();
        }
        int failed = firstFailed();
        return code != 0 || failed < 0 ? code : processes.get(failed).exitValue();
    }

    private int firstFailed() {
        for (int rank = 0; rank < processes.size(); rank++) {
            if (!processes.get(rank).isAlive() && processes.get(rank).exitValue() != 0) {
                return rank;
            }
        }
        return -1;
    }

    private static String described(int code) {
        return code > SIGNALLED ? code + " (signal " + (code - SIGNALLED) + ")" : String.valueOf(code);
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A signal has come: the ranks get it too, save, and end; this process ends after them. */
    private void stop() {
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process ends already, and the hook waits for the ranks
        }
    }
}
