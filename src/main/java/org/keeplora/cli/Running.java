package org.keeplora.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.PeftAdapter;
import org.keeplora.clip.Tokenizer;
import org.keeplora.data.Dataset;
import org.keeplora.engine.Linalg;
import org.keeplora.report.RunFacts;
import org.keeplora.report.RunReport;
import org.keeplora.store.BadFile;
import org.keeplora.store.RunJournal;
import org.keeplora.store.Safetensors;
import org.keeplora.train.ContinualRun;
import org.keeplora.train.LearnedChanges;
import org.keeplora.train.RunMonitor;
import org.keeplora.train.RunProgress;
import org.keeplora.train.RunResult;
import org.keeplora.train.RunStopped;

/** A run of a configuration into its folder, from the beginning or from where it was stopped. */
final class Running {
    private static final double SECONDS_A_MINUTE = 60;

    private final RunConfig config;
    private final RunProgress progress;

    Running(RunConfig config, RunProgress progress) {
        this.config = config;
        this.progress = progress;
    }

    /** What a run computes with; everything that a configuration can have wrong shows when it is opened. */
    private record Parts(
            Linalg linalg, Tokenizer tokenizer, ClipModel model, List<Dataset> tasks, List<Dataset> probes) {}

    /** Starts in a new folder; returns the report. */
    RunReport start() throws IOException {
        Path target = Path.of(config.output());
        if (Files.exists(target)) {
            throw new BadFile(
                    target, "exists already; go on with it by keeplora resume, remove it, or choose another name");
        }
        return with(parts -> {
            try (RunJournal journal = RunJournal.create(target, RunConfigFile.text(config))) {
                try {
                    return run(journal, parts);
                } catch (IOException | RuntimeException e) {
                    journal.discardUnlessSaved();
                    throw e;
                }
            }
        });
    }

    /** Goes on in the folder of {@code journal}, which is finished then. */
    static RunReport resume(RunJournal journal, RunProgress progress) throws IOException {
        RunConfig config = RunConfigFile.ofText(journal.target() + ": run.yaml", journal.config());
        Running running = new Running(config, progress);
        return running.with(parts -> running.run(journal, parts));
    }

    private interface Use {
        RunReport of(Parts parts) throws IOException;
    }

    private RunReport with(Use use) throws IOException {
        try (Linalg linalg = Wiring.linalg(config);
                Tokenizer tokenizer = Tokenizer.open(Wiring.vocabulary(config.model()));
                ClipModel model = Wiring.model(config)) {
            List<Dataset> tasks = Wiring.open(config, config.data().tasks());
            List<Dataset> probes = Wiring.open(config, config.data().probes());
            return use.of(new Parts(linalg, tokenizer, model, tasks, probes));
        }
    }

    private RunReport run(RunJournal journal, Parts parts) throws IOException {
        long seconds = Math.round(config.save().minutes() * SECONDS_A_MINUTE);
        JournalCheckpoints checkpoints = new JournalCheckpoints(journal, Duration.ofSeconds(seconds));
        try (StopSignals signals = new StopSignals(checkpoints, journal.target())) {
            RunResult result;
            try {
                RunMonitor monitor = RunMonitor.of(progress);
                result = new ContinualRun(
                                parts.model(),
                                Wiring.data(config, parts.model(), parts.tokenizer(), monitor),
                                parts.linalg(),
                                Wiring.settings(config),
                                monitor)
                        .run(parts.tasks(), parts.probes(), adapters(journal), checkpoints);
            } catch (RunStopped e) {
                signals.stopped(e.getMessage());
                throw e;
            }
            RunReport report = write(result, journal, parts);
            journal.finish();
            return report;
        }
    }

    private RunReport write(RunResult result, RunJournal journal, Parts parts) throws IOException {
        RunReport report = new RunReport(
                Wiring.title(config),
                result.tables(),
                RunFiles.course(result),
                config.published(),
                new RunFacts(config.train().seed(), Versions.all(), RunConfigFile.values(config)));
        if (!result.heads().isEmpty()) {
            Safetensors.write(journal.file(Wiring.HEADS_FILE), result.heads(), Map.of());
        }
        if (config.save().model()) {
            Path folder = journal.folder(Wiring.MODEL);
            parts.model().save(folder);
            parts.tokenizer().save(folder.resolve(Wiring.VOCABULARIES.get(0)));
        }
        RunFiles.write(report, journal, config.save());
        return report;
    }

    private LearnedChanges adapters(RunJournal journal) {
        if (!config.save().adapters()) {
            return LearnedChanges.IGNORED;
        }
        return (number, task, changes) -> {
            if (!changes.isEmpty()) {
                Path folder = journal.folder("%s/%02d-%s".formatted(Wiring.ADAPTERS, number + 1, task));
                PeftAdapter.write(folder, changes, config.model().checkpoint());
            }
        };
    }
}
