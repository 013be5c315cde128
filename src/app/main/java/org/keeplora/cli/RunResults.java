package org.keeplora.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.keeplora.clip.PeftAdapter;
import org.keeplora.report.LossCurve;
import org.keeplora.report.MemoryUse;
import org.keeplora.report.RunFacts;
import org.keeplora.report.RunHistory;
import org.keeplora.report.RunReport;
import org.keeplora.store.RunJournal;
import org.keeplora.store.Safetensors;
import org.keeplora.train.ContinualRun;

/**
 * What a run writes into its folder: adapters as it learns, and at its end report, heads and model.
 *
 * @param config as the folder has it
 */
record RunResults(RunConfig config, RunJournal journal) {
    /** What a folder's name is better without, as PEFT's and the shell's users name folders. */
    private static final Pattern NO_PLAIN_LETTERS = Pattern.compile("[^A-Za-z0-9._-]+");

    /** Writes each task's change as an adapter, where the configuration wants them. */
    ContinualRun.Changes adapters() {
        if (!config.save().adapters()) {
            return ContinualRun.Changes.IGNORED;
        }
        Optional<String> base = new ModelFiles(config.model()).transformersFolder();
        return (number, task, changes) -> {
            if (!changes.isEmpty()) {
                String plain = NO_PLAIN_LETTERS.matcher(task).replaceAll("-");
                String name = String.format(Locale.ROOT, "%s/%02d-%s", RunFiles.ADAPTERS, number + 1, plain);
                PeftAdapter.write(journal.folder(name), changes, base);
            }
        };
    }

    /** Writes everything that is known at the end; returns the report. */
    RunReport write(ContinualRun.Result result, RunParts parts, RunDatasets data) throws IOException {
        RunReport report = new RunReport(
                config.method().title(),
                result.tables(),
                course(result),
                config.published(),
                new RunFacts(config.train().seed(), Versions.all(), RunConfigFile.values(config), data.testSizes()));
        if (!result.heads().isEmpty()) {
            Safetensors.write(journal.file(RunFiles.HEADS), result.heads(), Map.of());
        }
        if (config.save().model()) {
            Path folder = journal.folder(RunFiles.MODEL);
            parts.model().save(folder);
            parts.tokenizer().save(folder, parts.model().architecture().contextLength());
        }
        write(report);
        return report;
    }

    /** How the run went, until now. */
    private static RunHistory course(ContinualRun.Result result) {
        List<String> tasks = result.tables().accuracy().tasks();
        List<LossCurve> losses = new ArrayList<>();
        for (int i = 0; i < result.losses().size(); i++) {
            losses.add(LossCurve.of(tasks.get(i), result.losses().get(i)));
        }
        return new RunHistory(
                Instant.now().truncatedTo(ChronoUnit.SECONDS), result.times().totals(), losses, MemoryUse.now());
    }

    /** Every form of {@code report}; the page lists what is in the folder by now. */
    private void write(RunReport report) throws IOException {
        Files.writeString(journal.file(RunReport.JSON_FILE), report.json());
        Files.writeString(journal.file(RunReport.MARKDOWN_FILE), report.markdown());
        Files.writeString(journal.file(RunReport.CSV_FILE), report.csv());
        Optional<String> spectra = report.spectraCsv();
        if (spectra.isPresent()) {
            Files.writeString(journal.file(RunReport.SPECTRA_FILE), spectra.get());
        }
        if (config.save().tensorboard()) {
            Files.write(journal.file(report.tensorBoardFile()), report.tensorBoard());
        }
        Path page = journal.file(RunReport.HTML_FILE);
        Files.writeString(page, report.html(RunFiles.results(page.getParent())));
    }
}
