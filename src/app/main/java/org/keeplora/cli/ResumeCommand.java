package org.keeplora.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Resumes a run that was stopped, killed, or ran out of disk space. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = "Resume a run that was stopped or killed; its results are those of a run without interruption.")
final class ResumeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "Folder of the run.")
    private Path run;

    @Mixin
    private ProcessCountOption processes;

    @ParentCommand
    private Main main;

    @Override
    public Integer call() throws IOException {
        return processes.run(
                place -> RunSession.resume(run, place, main.verbosity()).ifPresent(report -> {
                    System.out.print(report.markdown());
                    System.out.println("Written to " + run.toAbsolutePath().normalize());
                }));
    }
}
