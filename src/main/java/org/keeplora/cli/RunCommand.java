package org.keeplora.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Learns one task after another and reports Transfer, Average and Last. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Learn one task after another and report Transfer, Average and Last.")
final class RunCommand implements Callable<Integer> {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "Configuration in YAML.")
    private Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override one key, as in --set train.seed=1; may be repeated.")
    private List<String> overrides = List.of();

    @Option(names = "--verbose", description = "Show the stack of an error.")
    private boolean verbose;

    @Override
    public Integer call() throws IOException {
        RunConfig read = RunConfigFile.read(config, overrides);
        System.out.print(Wiring.run(read, new TerminalProgress()).markdown());
        System.out.println("Written to " + read.output());
        return Main.OK;
    }

    boolean verbose() {
        return verbose;
    }
}
