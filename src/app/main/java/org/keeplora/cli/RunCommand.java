package org.keeplora.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

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

    @ParentCommand
    private Main main;

    @Override
    public Integer call() throws IOException {
        RunConfig config = source.read();
        return processes.run(
                group -> new RunSession(config, group, main.verbosity()).start().ifPresent(report -> {
                    System.out.print(report.markdown());
                    System.out.println("Written to " + config.output());
                }));
    }
}
