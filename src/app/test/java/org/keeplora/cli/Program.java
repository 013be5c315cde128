package org.keeplora.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Logger;

/**
 * The program in processes of its own, with drawn data and the built-in model.
 *
 * @param log everything that they print
 */
record Program(Path log) {
    /** Two tasks of 40 and 24 images in batches of 8, saved after every step; {@code epochs} and {@code output} are to be set. */
    private static final List<String> SMALL_RUN = List.of(
            "run",
            "--config",
            "demo",
            "--set",
            "data.tasks=[{drawn: digits, train: 4, test: 2}, {drawn: land, train: 4, test: 2}]",
            "--set",
            "data.probes=[]",
            "--set",
            "train.batch_size=8",
            "--set",
            "save.minutes=0");

    /** Arguments of a small run. */
    static List<String> smallRun(int epochs, Path output, String... more) {
        List<String> arguments = new ArrayList<>(SMALL_RUN);
        arguments.addAll(List.of("--set", "train.epochs=" + epochs, "--set", "output=" + output));
        arguments.addAll(List.of(more));
        return arguments;
    }

    static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(arguments);
        return command;
    }

    /** What {@code arguments} print to standard error, the exit code before it. */
    static String execute(String... arguments) {
        Logger.getLogger("").getHandlers(); // made now, they keep the stream of this process
        PrintStream error = System.err;
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        System.setOut(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        try {
            return Main.execute(arguments) + " " + bytes.toString(StandardCharsets.UTF_8);
        } finally {
            System.setErr(error);
            System.setOut(out);
        }
    }

    Process start(List<String> arguments) throws IOException {
        return start(Path.of("").toAbsolutePath(), Map.of(), command(arguments));
    }

    Process start(Path folder, Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    String printed() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
