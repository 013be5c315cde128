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
 * Writes the results of a run into its folder: adapters after each task; report, heads and model at the end.
 *
 * @param config as stored in the folder
 */
record RunResults(RunConfig config, RunJournal journal) {
    /** Characters to avoid in folder names, for PEFT and the shell. */
    private static final Pattern UNUSUAL_CHARACTERS = Pattern.compile("[^A-Za-z0-9._-]+");

    /** Writes each task's change as an adapter, if the configuration asks for it. */
    ContinualRun.Changes adapters() {
        if (!config.save().adapters()) {
            return ContinualRun.Changes.IGNORED;
        }
        Optional<String> base = new ModelFiles(config.model()).transformersFolder();
        return (number, task, changes) -> {
            if (!changes.isEmpty()) {
                String plain = UNUSUAL_CHARACTERS.matcher(task).replaceAll("-");
                String name = String.format(Locale.ROOT, "%s/%02d-%s", RunFiles.ADAPTERS, number + 1, plain);
                PeftAdapter.write(journal.folder(name), changes, base);
            }
        };
    }

    /** Writes all results at the end; returns the report. */
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

    /** The history of the run so far. */
    private static RunHistory course(ContinualRun.Result result) {
        List<String> tasks = result.tables().accuracy().tasks();
        List<LossCurve> losses = new ArrayList<>();
        for (int i = 0; i < result.losses().size(); i++) {
            losses.add(LossCurve.of(tasks.get(i), result.losses().get(i)));
        }
        return new RunHistory(
                Instant.now().truncatedTo(ChronoUnit.SECONDS), result.times().totals(), losses, MemoryUse.now());
    }

    /** Writes all forms of {@code report}; the page lists the files in the folder. */
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
