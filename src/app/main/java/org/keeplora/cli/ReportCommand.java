package org.keeplora.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.keeplora.report.RunReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the page of a finished run again, from its metrics. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Write the page of a finished run again, from its metrics; the run's folder is not changed.")
final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "Output folder of the run, or its metrics.json.")
    private Path run;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where to write the page; default ${DEFAULT-VALUE} in the working directory.",
            defaultValue = RunReport.HTML_FILE)
    private Path out;

    @Override
    public Integer call() throws IOException {
        Path target = out.toAbsolutePath().normalize();
        ConfigProblem.unless(target.getParent() != null, "--out %s: give the name of a file", out);
        RunFiles.requireOutside(out);
        FinishedRun finished = new FinishedRun(run);
        RunReport report = finished.report();
        Files.createDirectories(target.getParent());
        Files.writeString(target, report.html(RunFiles.results(finished.folder())));
        System.out.println("Written to " + out);
        return Main.OK;
    }
}
