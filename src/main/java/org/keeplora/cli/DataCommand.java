package org.keeplora.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.keeplora.clip.TorchShuffle;
import org.keeplora.data.DataCheck;
import org.keeplora.data.DataCheck.Count;
import org.keeplora.data.DataCheck.Depth;
import org.keeplora.data.DataCheck.State;
import org.keeplora.data.DatasetCatalog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks after the data sets on disk. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        subcommands = DataCommand.Verify.class,
        description = "Look after the data sets on disk.")
final class DataCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** One line per data set: what is there, what is missing, what to mend. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Check that data sets are in place and readable.",
                "Exit code 0: all can be used; 2: something is to be mended."
            })
    static final class Verify implements Callable<Integer> {
        private static final List<String> HEADER = List.of("data set", "train", "test", "missing", "unreadable", "");

        @Spec
        private CommandSpec spec;

        @Option(names = "--root", required = true, paramLabel = "DIR", description = "Folder that holds the data sets.")
        private Path root;

        @Option(names = "--deep", description = "Decode every image (slow), not only look at its first bytes.")
        private boolean deep;

        @Option(names = "--full", description = "Fail also where a data set is not the full official one.")
        private boolean full;

        @Parameters(
                paramLabel = "NAME",
                description = "Data sets to check; without names the eleven of MTIL and the probes that are there.")
        private List<String> names = new ArrayList<>();

        @Override
        public Integer call() {
            List<DataCheck.Result> results = results();
            List<List<String>> lines = new ArrayList<>(List.of(HEADER));
            results.forEach(result -> lines.add(cells(result)));
            print(lines, spec.commandLine().getOut());
            return results.stream().allMatch(this::good) ? Main.OK : Main.USER_ERROR;
        }

        private List<DataCheck.Result> results() {
            Depth depth = deep ? Depth.DECODE : Depth.HEADERS;
            List<DataCheck.Result> results = new ArrayList<>();
            for (String name : names.isEmpty() ? DatasetCatalog.names() : names) {
                results.add(DataCheck.of(name, root, TorchShuffle::permutation, depth));
            }
            for (String probe : names.isEmpty() ? DatasetCatalog.probes() : List.<String>of()) {
                DataCheck.Result result = DataCheck.of(probe, root, TorchShuffle::permutation, depth);
                if (result.state() != State.ABSENT) {
                    results.add(result);
                }
            }
            return results;
        }

        private boolean good(DataCheck.Result result) {
            return result.state() == State.COMPLETE || result.state() == State.READABLE && !full;
        }

        private static List<String> cells(DataCheck.Result result) {
            return List.of(
                    result.name(),
                    text(result.train()),
                    text(result.test()),
                    String.valueOf(result.missing().size()),
                    String.valueOf(result.unreadable().size()),
                    judgement(result));
        }

        private static String text(Count count) {
            return count.expected() == 0 ? "-" : count.found() + " of " + count.expected();
        }

        private static String judgement(DataCheck.Result result) {
            int found = result.train().found() + result.test().found();
            int expected = result.train().expected() + result.test().expected();
            String state = result.state().name().toLowerCase(Locale.ROOT);
            return switch (result.state()) {
                case COMPLETE -> state;
                case READABLE -> state + ", " + found + " of " + expected + " images";
                case DAMAGED, UNUSABLE, ABSENT -> state + ": " + result.advice();
            };
        }

        private static void print(List<List<String>> lines, PrintWriter out) {
            int[] widths = new int[HEADER.size() - 1];
            for (List<String> line : lines) {
                for (int column = 0; column < widths.length; column++) {
                    widths[column] = Math.max(widths[column], line.get(column).length());
                }
            }
            for (List<String> line : lines) {
                StringBuilder text = new StringBuilder();
                for (int column = 0; column < widths.length; column++) {
                    String padding =
                            " ".repeat(widths[column] - line.get(column).length());
                    text.append(column == 0 ? line.get(column) + padding : padding + line.get(column))
                            .append("  ");
                }
                out.println((text + line.get(widths.length)).stripTrailing());
            }
            out.flush();
        }
    }
}
