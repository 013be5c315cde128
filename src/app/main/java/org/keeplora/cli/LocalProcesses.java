package org.keeplora.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.keeplora.distributed.LostProcess;
import org.keeplora.distributed.Rendezvous;

/**
 * Runs the processes of one run as processes of this program on this machine. Starts them and watches them until all
 * have ended.
 */
final class LocalProcesses implements AutoCloseable {
    /** The time for the other processes to diagnose a failed one and end. */
    static final Duration GRACE = LostProcess.DIAGNOSIS.plusSeconds(3);

    /** Process number of the process that started this one and watches it. */
    private static final String SUPERVISOR = "KEEPLORA_SUPERVISOR";

    private static final int POLL_MILLIS = 100;
    private static final int SIGNALLED = 128;
    private static final String VISIBLE_GPUS = "CUDA_VISIBLE_DEVICES";
    /** The beginning of the line that Gloo prints when it has connected. */
    private static final String GLOO_CONNECTED = "[Gloo] Rank ";

    private final List<Process> processes = new ArrayList<>();
    private volatile boolean stopping;
    private final Thread hook = new Thread(this::stop, "local-processes");

    /** Starts {@code count} processes with the arguments of this one; returns the exit code of the whole run. */
    static int run(int count, List<String> arguments) throws IOException {
        try (LocalProcesses processes = new LocalProcesses()) {
            int port = freePort();
            for (int index = 0; index < count; index++) {
                processes.start(index, count, port, arguments);
            }
            return processes.await();
        }
    }

    /**
     * In a process started by another one: saves and ends when that process is gone, because it also receives the
     * output.
     */
    static void endWithSupervisor() {
        Optional.ofNullable(System.getenv(SUPERVISOR))
                .flatMap(number -> ProcessHandle.of(Long.parseLong(number)))
                .ifPresent(supervisor -> supervisor.onExit().thenRun(() -> System.exit(Main.LOST_PROCESS)));
    }

    private LocalProcesses() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void start(int index, int count, int port, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        environment(builder.environment(), index, count, port);
        if (index == 0) {
            builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        }
        Process process = builder.start();
        processes.add(process);
        process.getOutputStream().close(); // the processes read no input
        copy(process.getInputStream(), System.out, "");
        if (index > 0) {
            copy(process.getErrorStream(), System.err, "[process " + index + "] ");
        }
    }

    /** Sets the variables that torchrun sets, and makes the GPU of each process the first that it sees. */
    private static void environment(Map<String, String> environment, int index, int count, int port)
            throws SocketException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        environment.put(Rendezvous.RANK, String.valueOf(index));
        environment.put(Rendezvous.LOCAL_RANK, String.valueOf(index));
        environment.put(Rendezvous.WORLD_SIZE, String.valueOf(count));
        environment.put(Rendezvous.LOCAL_WORLD_SIZE, String.valueOf(count));
        environment.put(Rendezvous.MASTER_ADDR, loopback.getHostAddress());
        environment.put(Rendezvous.MASTER_PORT, String.valueOf(port));
        environment.putIfAbsent(
                Rendezvous.INTERFACE,
                NetworkInterface.getByInetAddress(loopback).getName());
        environment.put(SUPERVISOR, String.valueOf(ProcessHandle.current().pid()));
        String visible = environment.get(VISIBLE_GPUS);
        String[] gpus = visible == null ? new String[0] : visible.split(",");
        environment.put(VISIBLE_GPUS, index < gpus.length ? gpus[index].trim() : String.valueOf(index));
    }

    /** Copies whole lines, as several processes write to the same stream. */
    private static void copy(InputStream from, PrintStream to, String prefix) {
        Thread copier = new Thread(
                () -> new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))
                        .lines()
                        .filter(line -> !line.startsWith(GLOO_CONNECTED))
                        .forEach(line -> to.println(prefix + line)),
                "process-output");
        copier.setDaemon(true);
        copier.start();
    }

    private int await() {
        long deadline = Long.MAX_VALUE;
        while (processes.stream().anyMatch(Process::isAlive)) {
            int failed = firstFailed();
            if (failed >= 0 && deadline == Long.MAX_VALUE) {
                deadline = System.nanoTime() + GRACE.toNanos();
                say("process " + failed + " ended with exit code "
                        + described(processes.get(failed).exitValue()));
            }
            if (System.nanoTime() > deadline) {
                killThoseLeft();
            }
            pause();
        }
        return exitCode();
    }

    private int firstFailed() {
        return IntStream.range(0, processes.size())
                .filter(index ->
                        !processes.get(index).isAlive() && processes.get(index).exitValue() != Main.OK)
                .findFirst()
                .orElse(-1);
    }

    private void killThoseLeft() {
        for (int index = 0; index < processes.size(); index++) {
            Process process = processes.get(index);
            if (process.isAlive()) {
                say("process " + index + " (pid " + process.pid() + ") has not ended within " + GRACE.toSeconds()
                        + " s after that and is killed");
                process.destroyForcibly().onExit().join();
            }
        }
    }

    private void say(String what) {
        if (!stopping) {
            System.err.println("keeplora: " + what);
        }
    }

    /** The exit code of the first process that failed by itself; if none did, the code for a lost process. */
    private int exitCode() {
        int[] failures = processes.stream()
                .mapToInt(Process::exitValue)
                .filter(code -> code != Main.OK)
                .toArray();
        int lost = failures.length > 0 ? Main.LOST_PROCESS : Main.OK;
        return IntStream.of(failures)
                .filter(code -> code == Main.USER_ERROR || code == Main.PROGRAM_ERROR)
                .findFirst()
                .orElse(lost);
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

    /** Handles a signal. The processes receive it too, save, and end; this process ends after them. */
    private void stop() {
        stopping = true;
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
            // this process is ending already, and the hook waits for the others
        }
    }
}
