package org.keeplora.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs the program in separate processes, with drawn data and the built-in model.
 *
 * @param log receives everything that they print
 */
record Program(Path log) {
    /**
     * Two tasks of 40 and 24 images in batches of 8, saved after every step; {@code epochs} and {@code output} are
     * added.
     */
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

    /** The exit code, followed by what {@code arguments} print to standard error. */
    static String execute(String... arguments) {
        Printed printed = Printed.by(arguments);
        return printed.exit() + " " + printed.err();
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
