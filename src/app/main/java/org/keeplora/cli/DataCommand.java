package org.keeplora.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.keeplora.data.DataCheck;
import org.keeplora.data.DataCheck.Depth;
import org.keeplora.data.DataCheck.Half;
import org.keeplora.data.DataCheck.State;
import org.keeplora.data.DatasetCatalog;
import org.keeplora.torch.TorchShuffle;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Commands for the data sets on disk. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        subcommands = DataCommand.Verify.class,
        description = "Check the data sets on disk.")
final class DataCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Prints one line per data set: what is found, what is missing, what to repair. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Check that data sets are in place and readable.",
                "Exit code 0: all can be used; 2: a data set must be repaired."
            })
    static final class Verify implements Callable<Integer> {
        private static final List<String> HEADER = List.of("data set", "train", "test", "missing", "unreadable", "");

        @Spec
        private CommandSpec spec;

        @ArgGroup(multiplicity = "1")
        private Place place;

        /** The options that say which data sets to check and where they are. */
        private static final class Place {
            @Option(names = "--root", paramLabel = "DIR", description = "Folder that holds the data sets.")
            private Path root;

            @Option(
                    names = "--config",
                    paramLabel = "FILE|NAME",
                    description = "Configuration of a run; all its data sets are checked, your own too.")
            private String config;
        }

        @Option(
                names = "--set",
                paramLabel = "KEY=VALUE",
                description = "Override one key of the configuration, as in --set data=FOLDER; may be repeated.")
        private List<String> overrides = List.of();

        @Option(names = "--deep", description = "Decode every image (slow), not only look at its first bytes.")
        private boolean deep;

        @Option(names = "--full", description = "Fail also where a data set is not the full official one.")
        private boolean full;

        @Parameters(
                paramLabel = "NAME",
                description =
                        "Data sets below --root to check; without names the eleven of MTIL and the probes that are there.")
        private List<String> names = new ArrayList<>();

        @Override
        public Integer call() {
            Depth depth = deep ? Depth.DECODE : Depth.HEADERS;
            ConfigProblem.unless(
                    place.config == null || names.isEmpty(),
                    "%s: a configuration names its data sets itself; leave the names out, or give --root",
                    String.join(" ", names));
            ConfigProblem.unless(
                    place.config != null || overrides.isEmpty(),
                    "--set overrides keys of a configuration; give --config");
            List<DataCheck.Result> results = place.config != null ? configured(depth) : below(place.root, depth);
            List<List<String>> lines = new ArrayList<>(List.of(HEADER));
            results.forEach(result -> lines.add(cells(result)));
            print(lines, spec.commandLine().getOut());
            return results.stream().allMatch(this::good) ? Main.OK : Main.USER_ERROR;
        }

        private List<DataCheck.Result> configured(Depth depth) {
            RunConfig config = RunConfigFile.read(place.config, List.of(), overrides);
            Path root =
                    config.data().root() == null ? null : Path.of(config.data().root());
            return config.data().sources().stream()
                    .flatMap(source -> source.check(root, depth).stream())
                    .toList();
        }

        private List<DataCheck.Result> below(Path root, Depth depth) {
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
                    text(result.images().train()),
                    text(result.images().test()),
                    String.valueOf(result.images().missing().size()),
                    String.valueOf(result.images().unreadable().size()),
                    judgement(result));
        }

        private static String text(Half half) {
            return half.expected() == 0 ? "-" : half.found() + " of " + half.expected();
        }

        private static String judgement(DataCheck.Result result) {
            String state = result.state().name().toLowerCase(Locale.ROOT);
            String judgement =
                    switch (result.state()) {
                        case COMPLETE -> state;
                        case READABLE ->
                            state + ", " + result.images().found() + " of "
                                    + result.images().expected() + " images";
                        case DAMAGED, UNUSABLE, ABSENT -> state + ": " + result.advice();
                    };
            String leftOut = result.leftOut().text();
            return leftOut.isEmpty() ? judgement : judgement + "; " + leftOut;
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
