package org.keeplora.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.keeplora.data.Dataset;
import org.keeplora.report.LossCurve;
import org.keeplora.report.MemoryUse;
import org.keeplora.report.RunHistory;
import org.keeplora.report.RunReport;
import org.keeplora.report.TestSet;
import org.keeplora.store.RunJournal;
import org.keeplora.train.RunResult;

/** The report of a run as files of its folder, and back. */
final class RunFiles {
    /** In every folder of a finished run. */
    static final String CHECKSUMS = "SHA256SUMS";

    private static final String STATE = "state" + File.separator;

    private RunFiles() {}

    /** How the run went, until now. */
    static RunHistory course(RunResult result) {
        List<String> tasks = result.tables().accuracy().tasks();
        List<LossCurve> losses = new ArrayList<>();
        for (int i = 0; i < result.losses().size(); i++) {
            losses.add(LossCurve.of(tasks.get(i), result.losses().get(i)));
        }
        return new RunHistory(
                Instant.now().truncatedTo(ChronoUnit.SECONDS), result.times().totals(), losses, MemoryUse.now());
    }

    /** Sizes of the test sets that a run's accuracies are measured on, by name; of sets without test images none. */
    static Map<String, TestSet> tests(List<Dataset> tasks, List<Dataset> probes) {
        Map<String, TestSet> tests = new LinkedHashMap<>();
        Stream.concat(tasks.stream(), probes.stream())
                .filter(set -> !set.test().isEmpty())
                .forEach(set -> tests.put(
                        set.name(),
                        new TestSet(set.test().size(), set.classNames().size())));
        return tests;
    }

    /** Writes every form of {@code report}; the page lists what is in the folder by now. */
    static void write(RunReport report, RunJournal output, RunConfig.Save save) throws IOException {
        Files.writeString(output.file(RunReport.JSON_FILE), report.json());
        Files.writeString(output.file(RunReport.MARKDOWN_FILE), report.markdown());
        Files.writeString(output.file(RunReport.CSV_FILE), report.csv());
        Optional<String> spectra = report.spectraCsv();
        if (spectra.isPresent()) {
            Files.writeString(output.file(RunReport.SPECTRA_FILE), spectra.get());
        }
        if (save.tensorboard()) {
            Files.write(output.file(report.tensorBoardFile()), report.tensorBoard());
        }
        Path page = output.file(RunReport.HTML_FILE);
        Files.writeString(page, report.html(names(page.getParent())));
    }

    /** Names of all result files below {@code folder}, in order: not those of a run's states. */
    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(name -> !name.startsWith(STATE))
                    .sorted()
                    .toList();
        }
    }

    /** The metrics of {@code run}: the file itself, or the folder that holds it. */
    static Path metrics(Path run) {
        return Files.isDirectory(run) ? run.resolve(RunReport.JSON_FILE) : run;
    }

    /** @throws ConfigProblem when {@code out} would lie beside the files of a finished run */
    static void requireOutside(Path out) {
        ConfigProblem.unless(
                !Files.exists(out.toAbsolutePath().normalize().resolveSibling(CHECKSUMS)),
                "--out %s: lies in the folder of a finished run, which %s guards; choose another place",
                out,
                CHECKSUMS);
    }

    /** The report of {@code run}: a run's folder, whose results must be as written, or metrics that were copied from one. */
    static RunReport report(Path run) throws IOException {
        if (Files.exists(run.resolve(CHECKSUMS))) {
            start(run);
        }
        return RunReport.read(metrics(run));
    }

    /** How the finished run in {@code folder}, whose results are as written, began; empty for one of an earlier version. */
    static Optional<StartRecord> start(Path folder) {
        return RunJournal.requireResults(folder).map(text -> StartRecord.ofText(folder + ": start.json", text));
    }
}
