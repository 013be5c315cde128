package org.keeplora.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.PeftAdapter;
import org.keeplora.clip.Tokenizer;
import org.keeplora.data.Dataset;
import org.keeplora.distributed.LostProcess;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.distributed.Rendezvous;
import org.keeplora.engine.Linalg;
import org.keeplora.report.RunFacts;
import org.keeplora.report.RunReport;
import org.keeplora.store.BadFile;
import org.keeplora.store.RunJournal;
import org.keeplora.store.Safetensors;
import org.keeplora.torch.TorchDevice;
import org.keeplora.train.Checkpoints;
import org.keeplora.train.ComputeContext;
import org.keeplora.train.ContinualRun;
import org.keeplora.train.LearnedChanges;
import org.keeplora.train.RunMonitor;
import org.keeplora.train.RunProgress;
import org.keeplora.train.RunResult;
import org.keeplora.train.RunStopped;

/**
 * A run of a configuration into its folder, from the beginning or from where it was stopped. Of several processes the first has the folder, the
 * terminal and the report; the others compute.
 */
final class RunSession {
    private static final double SECONDS_A_MINUTE = 60;
    /** What a folder's name is better without, as PEFT's and the shell's users name folders. */
    private static final Pattern NO_PLAIN_LETTERS = Pattern.compile("[^A-Za-z0-9._-]+");

    private static final String CONFIGURATION = "the configuration";

    private final RunConfig given;
    /** As {@link #given}, for another working directory. */
    private final RunConfig written;

    private final RunConfig config;
    private final ProcessGroup group;
    private final Verbosity verbosity;

    /** @param config of its threads this process takes the part that {@link ProcessGroup#localSize} leaves it */
    RunSession(RunConfig config, ProcessGroup group, Verbosity verbosity) {
        this.verbosity = verbosity;
        this.given = config;
        this.written = config.withAbsolutePaths();
        this.config = config.withThreadsOf(group.localSize());
        this.group = divided(config.train().microBatches(), group);
        if (config.runtime().device() == TorchDevice.CUDA) {
            group.joinOnGpus();
        }
    }

    private static ProcessGroup divided(int microBatches, ProcessGroup group) {
        if (microBatches == 0) {
            return group;
        }
        ConfigProblem.unless(
                microBatches % group.size() == 0,
                "train.micro_batches is %s, which %s processes cannot share evenly; start 1, 2, 4 or another power of two up to it",
                microBatches,
                group.size());
        return group.inMicroBatches(microBatches);
    }

    /** What a run computes with; everything that a configuration can have wrong shows when it is opened. */
    private record Parts(
            Linalg linalg,
            Tokenizer tokenizer,
            ClipModel model,
            List<Dataset> tasks,
            List<Dataset> probes,
            RunInputs inputs) {}

    /** Starts in a new folder; returns the report to the first process. */
    Optional<RunReport> start() throws IOException {
        group.requireSame(
                CONFIGURATION + " is",
                RunInputs.digest(RunConfigFile.text(given)),
                "give every process the same file and settings, runtime.threads too");
        return group.isFirst() ? Optional.of(startInFolder()) : follow(config.output());
    }

    private RunReport startInFolder() throws IOException {
        Path target = Path.of(config.output());
        if (Files.exists(target)) {
            throw new BadFile(
                    target, "exists already; go on with it by keeplora resume, remove it, or choose another name");
        }
        return with(parts -> {
            StartRecord record = StartRecord.of(written, parts.inputs());
            try (RunJournal journal = RunJournal.create(target, RunConfigFile.text(written), record.text())) {
                try {
                    return run(journal, parts);
                } catch (IOException | RuntimeException e) {
                    journal.discardUnlessSaved();
                    throw e;
                }
            }
        });
    }

    /** Goes on in {@code folder}, which is finished then; other processes than the first need not see the folder. */
    static Optional<RunReport> resume(Path folder, Optional<Rendezvous> place, Verbosity verbosity) throws IOException {
        return as(place, group -> {
            if (!group.isFirst()) {
                String text = new String(group.ofFirst(CONFIGURATION, new byte[0]), StandardCharsets.UTF_8);
                return new RunSession(RunConfigFile.ofText(CONFIGURATION + " of process 0", text), group, verbosity)
                        .follow(folder.toString());
            }
            try (RunJournal journal = RunJournal.open(folder)) {
                group.ofFirst(CONFIGURATION, journal.config().getBytes(StandardCharsets.UTF_8));
                RunConfig config = RunConfigFile.ofText(journal.target() + ": run.yaml", journal.config());
                String run = journal.target().toString();
                StartRecord begun = StartRecord.ofText(run + ": start.json", journal.start());
                StartRecord resumed = begun.resumedWith(run, config);
                RunSession running = new RunSession(config, group, verbosity);
                return Optional.of(running.with(parts -> {
                    begun.requireSameInputs(run, parts.inputs());
                    journal.restart(resumed.text());
                    resumed.newChanges(begun).forEach(verbosity::say);
                    return running.run(journal, parts);
                }));
            }
        });
    }

    /** What one process does. */
    interface Part<T> {
        T with(ProcessGroup group) throws IOException;
    }

    /** Does {@code part}, alone without {@code place}; when it fails, the other processes are told why. */
    static <T> T as(Optional<Rendezvous> place, Part<T> part) throws IOException {
        try (ProcessGroup group = Wiring.ranks(place)) {
            try {
                return part.with(group);
            } catch (RunStopped e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                group.leave(String.valueOf(e.getMessage()));
                throw e;
            }
        }
    }

    private interface Use<T> {
        T of(Parts parts) throws IOException;
    }

    private <T> T with(Use<T> use) throws IOException {
        try (Linalg linalg = Wiring.linalg(config);
                Tokenizer tokenizer = Tokenizer.open(Wiring.vocabulary(config.model()));
                ClipModel model = Wiring.model(config)) {
            tokenizer.requireFits(model.architecture());
            List<Dataset> tasks = Wiring.open(config, config.data().tasks());
            List<Dataset> probes = Wiring.open(config, config.data().probes());
            RunInputs inputs = RunInputs.of(model, tokenizer, tasks, probes);
            inputs.requireSameOn(group);
            return use.of(new Parts(linalg, tokenizer, model, tasks, probes, inputs));
        }
    }

    /** @param folder of process 0 */
    private Optional<RunReport> follow(String folder) throws IOException {
        UnsavedCheckpoints follower = new UnsavedCheckpoints();
        return with(parts -> {
            try (StopSignals signals = new StopSignals(follower::stop, Optional.empty(), verbosity)) {
                compute(parts, LearnedChanges.IGNORED, follower, RunMonitor.of(RunProgress.SILENT, group));
                return Optional.empty();
            } catch (LostProcess e) {
                throw e.withAdvice("where process 0 ran, go on with: keeplora resume " + folder);
            }
        });
    }

    private RunReport run(RunJournal journal, Parts parts) throws IOException {
        long seconds = Math.round(config.save().minutes() * SECONDS_A_MINUTE);
        JournalCheckpoints checkpoints = new JournalCheckpoints(journal, Duration.ofSeconds(seconds));
        Wiring.announce(parts.tasks(), verbosity);
        Wiring.announce(parts.probes(), verbosity);
        try (StopSignals signals = new StopSignals(checkpoints::stop, Optional.of(journal.target()), verbosity)) {
            RunResult result;
            try {
                RunMonitor monitor = RunMonitor.of(verbosity.progress(), group);
                result = compute(parts, adapters(journal), checkpoints, monitor);
            } catch (RunStopped e) {
                signals.stopped(e.getMessage());
                throw e;
            } catch (LostProcess e) {
                throw e.withAdvice("go on with: keeplora resume " + journal.target());
            }
            RunReport report = write(result, journal, parts);
            journal.finish();
            return report;
        }
    }

    private RunResult compute(Parts parts, LearnedChanges changes, Checkpoints checkpoints, RunMonitor monitor) {
        return new ContinualRun(
                        parts.model(),
                        Wiring.data(config, parts.model(), parts.tokenizer(), monitor),
                        new ComputeContext(parts.linalg(), group),
                        Wiring.settings(config),
                        monitor)
                .run(parts.tasks(), parts.probes(), changes, checkpoints);
    }

    private RunReport write(RunResult result, RunJournal journal, Parts parts) throws IOException {
        RunReport report = new RunReport(
                Wiring.title(config),
                result.tables(),
                RunFiles.course(result),
                config.published(),
                new RunFacts(
                        config.train().seed(),
                        Versions.all(),
                        RunConfigFile.values(written),
                        RunFiles.tests(parts.tasks(), parts.probes())));
        if (!result.heads().isEmpty()) {
            Safetensors.write(journal.file(Wiring.HEADS_FILE), result.heads(), Map.of());
        }
        if (config.save().model()) {
            Path folder = journal.folder(Wiring.MODEL);
            parts.model().save(folder);
            parts.tokenizer().save(folder, parts.model().architecture().contextLength());
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
                String plain = NO_PLAIN_LETTERS.matcher(task).replaceAll("-");
                Path folder =
                        journal.folder(String.format(Locale.ROOT, "%s/%02d-%s", Wiring.ADAPTERS, number + 1, plain));
                PeftAdapter.write(folder, changes, Wiring.transformersFolder(written.model()));
            }
        };
    }
}
