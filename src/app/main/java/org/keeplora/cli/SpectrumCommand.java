package org.keeplora.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.keeplora.report.SpectrumReport;
import org.keeplora.store.RunDirectory;
import org.keeplora.train.RunMonitor;
import org.keeplora.train.RunMonitor.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Zero-shot accuracy with the attention weights truncated to a share of their spectrum: the paper's figure 1. */
@Command(
        name = "spectrum",
        mixinStandardHelpOptions = true,
        description = "Evaluate the pre-trained model with its attention weights cut to a share of their spectrum.")
final class SpectrumCommand implements Callable<Integer> {
    @Mixin
    private ConfigSource source;

    @Option(
            names = "--shares",
            split = ",",
            paramLabel = "SHARE",
            description = "Retained shares, each in (0, 1]; default ${DEFAULT-VALUE}.",
            defaultValue = "1,0.95,0.9,0.8,0.7,0.6,0.5,0.4,0.3,0.2,0.1")
    private List<Double> shares;

    @ParentCommand
    private Main main;

    @Override
    public Integer call() throws IOException {
        shares.forEach(share -> ConfigProblem.unless(
                share > 0 && share <= 1,
                "--shares: %s is not a share; every number must be above 0 and at most 1",
                share));
        RunConfig config = source.read();
        System.out.print(study(config).markdown());
        System.out.println("Written to " + config.output());
        return Main.OK;
    }

    /** Evaluates tasks and probes with truncated weights and writes the output folder. */
    private SpectrumReport study(RunConfig config) throws IOException {
        Progress progress = main.verbosity().progress();
        try (RunDirectory output = RunDirectory.create(Path.of(config.output()));
                RunParts parts = RunParts.open(config)) {
            RunDatasets data = RunDatasets.open(config.data());
            data.announce(main.verbosity());
            SpectrumReport report = parts.spectrum(RunMonitor.of(progress)).run(data.all(), shares);
            Files.writeString(output.file(SpectrumReport.JSON_FILE), report.json());
            Files.writeString(output.file(SpectrumReport.MARKDOWN_FILE), report.markdown());
            output.commit();
            return report;
        }
    }
}
