package org.keeplora.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Evaluates a finished run from its saved model or its adapters, and its class heads. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description =
                "Evaluate what a finished run learned, from its saved model or its adapters, and its class heads.")
final class EvaluateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER", description = "Output folder of the run.")
    private Path folder;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override one key of the run's configuration, as in --set data=FOLDER; may be repeated.")
    private List<String> overrides = List.of();

    @ParentCommand
    private Main main;

    @Override
    public Integer call() throws IOException {
        new FinishedRun(folder)
                .evaluate(overrides, main.verbosity())
                .forEach((name, percent) -> System.out.printf(Locale.ROOT, "%-16s %5.1f %%%n", name, percent));
        return Main.OK;
    }
}
