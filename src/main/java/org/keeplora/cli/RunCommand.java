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

    @Option(names = "--verbose", description = "Show the stack of an error.")
    private boolean verbose;

    @Override
    public Integer call() throws IOException {
        RunConfig read = source.read();
        System.out.print(new Running(read, new TerminalProgress()).start().markdown());
        System.out.println("Written to " + read.output());
        return Main.OK;
    }

    boolean verbose() {
        return verbose;
    }
}
