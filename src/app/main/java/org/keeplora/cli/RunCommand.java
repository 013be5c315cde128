package org.keeplora.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Learns one task after another and reports Transfer, Average and Last. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Learn one task after another and report Transfer, Average and Last.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private ConfigSource source;

    @Mixin
    private ProcessCountOption processes;

    @Option(names = "--verbose", description = "Show the stack of an error.")
    private boolean verbose;

    @Override
    public Integer call() throws IOException {
        RunConfig config = source.read();
        return processes.run(place -> RunSession.as(place, ranks -> new RunSession(config, ranks).start())
                .ifPresent(report -> {
                    System.out.print(report.markdown());
                    System.out.println("Written to " + config.output());
                }));
    }

    boolean verbose() {
        return verbose;
    }
}
