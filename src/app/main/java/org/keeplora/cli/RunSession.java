package org.keeplora.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.keeplora.distributed.LostProcess;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.report.RunReport;
import org.keeplora.store.BadFile;
import org.keeplora.store.RunJournal;
import org.keeplora.torch.TorchDevice;
import org.keeplora.train.Checkpoints;
import org.keeplora.train.ContinualRun;
import org.keeplora.train.RunMonitor;
import org.keeplora.train.RunMonitor.Progress;

/**
 * Runs a configuration into its folder, from the beginning or from a saved state. Of several processes the first
 * handles the folder, the terminal and the report; the others only compute.
 */
final class RunSession {
    private static final double SECONDS_A_MINUTE = 60;
    private static final String CONFIGURATION = "the configuration";

    private final RunConfig given;
    /** {@link #given} with absolute paths, for any working directory. */
    private final RunConfig written;

    private final RunConfig config;
    private final ProcessGroup group;
    private final Verbosity verbosity;

    /** @param config this process uses a part of its threads, according to {@link ProcessGroup#localSize} */
    RunSession(RunConfig config, ProcessGroup group, Verbosity verbosity) {
        this.verbosity = verbosity;
        this.given = config;
        this.written = config.withAbsolutePaths();
        this.config = config.withThreadsOf(group.localSize());
        this.group = divided(config.train().microBatches(), group);
        if (config.runtime().device() == TorchDevice.CUDA) {
            RunParts.requireDevice(config.runtime()); // or the others would take this process for lost
            TorchDevice.CUDA.computeRepeatably();
            group.joinOnGpus();
        }
    }

    private static ProcessGroup divided(int microBatches, ProcessGroup group) {
        if (microBatches == 0) {
            return group;
        }
        ConfigProblem.unless(
                microBatches % group.size() == 0,
                "train.micro_batches is %s, which %s processes cannot divide evenly; start 1, 2, 4 or another power of two up to it",
                microBatches,
                group.size());
        return group.inMicroBatches(microBatches);
    }

    /** The opened parts of a run. Opening them detects every error of a configuration. */
    private record Opened(RunParts parts, RunDatasets data, RunInputs inputs) {}

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
                    target, "exists already; continue it with keeplora resume, remove it, or choose another name");
        }
        return with(opened -> {
            StartRecord record = StartRecord.of(written, opened.inputs());
            try (RunJournal journal = RunJournal.create(target, RunConfigFile.text(written), record.text())) {
                try {
                    return run(journal, opened);
                } catch (IOException | RuntimeException e) {
                    journal.discardUnlessSaved();
                    throw e;
                }
            }
        });
    }

    /** Resumes the run in {@code folder} and finishes it. Only the first process needs to see the folder. */
    static Optional<RunReport> resume(Path folder, ProcessGroup group, Verbosity verbosity) throws IOException {
        if (!group.isFirst()) {
            String text = new String(group.broadcast(CONFIGURATION, new byte[0]), StandardCharsets.UTF_8);
            RunConfig config = RunConfigFile.ofText(CONFIGURATION + " of process 0", text);
            return new RunSession(config, group, verbosity).follow(folder.toString());
        }
        try (RunJournal journal = RunJournal.open(folder)) {
            group.broadcast(CONFIGURATION, journal.config().getBytes(StandardCharsets.UTF_8));
            RunConfig config = RunConfigFile.ofText(journal.target() + ": run.yaml", journal.config());
            return Optional.of(new RunSession(config, group, verbosity).resumeIn(journal));
        }
    }

    private RunReport resumeIn(RunJournal journal) throws IOException {
        String run = journal.target().toString();
        StartRecord begun = StartRecord.ofText(run + ": start.json", journal.start());
        StartRecord resumed = begun.resumedWith(run, given);
        return with(opened -> {
            begun.requireSameInputs(run, opened.inputs());
            journal.restart(resumed.text());
            resumed.newChanges(begun).forEach(verbosity::say);
            return run(journal, opened);
        });
    }

    private interface Use<T> {
        T of(Opened opened) throws IOException;
    }

    private <T> T with(Use<T> use) throws IOException {
        try (RunParts parts = RunParts.open(config)) {
            parts.tokenizer().requireFits(parts.model().architecture());
            RunDatasets data = RunDatasets.open(config.data());
            RunInputs inputs = RunInputs.of(parts.model(), parts.tokenizer(), data.all());
            inputs.requireSameOn(group);
            return use.of(new Opened(parts, data, inputs));
        }
    }

    /** @param folder of process 0 */
    private Optional<RunReport> follow(String folder) throws IOException {
        FollowerCheckpoints checkpoints = new FollowerCheckpoints();
        return with(opened -> {
            try (StopSignals signals = new StopSignals(checkpoints::stop, Optional.empty(), verbosity)) {
                compute(opened, ContinualRun.Changes.IGNORED, checkpoints, Progress.SILENT);
                return Optional.empty();
            } catch (LostProcess e) {
                throw e.withAdvice("where process 0 ran, continue with: keeplora resume " + folder);
            }
        });
    }

    private RunReport run(RunJournal journal, Opened opened) throws IOException {
        long seconds = Math.round(config.save().minutes() * SECONDS_A_MINUTE);
        JournalCheckpoints checkpoints = new JournalCheckpoints(journal, Duration.ofSeconds(seconds));
        RunResults results = new RunResults(written, journal);
        opened.data().announce(verbosity);
        try (StopSignals signals = new StopSignals(checkpoints::stop, Optional.of(journal.target()), verbosity)) {
            ContinualRun.Result result;
            try {
                result = compute(opened, results.adapters(), checkpoints, verbosity.progress());
            } catch (Checkpoints.Stopped e) {
                signals.stopped(e.getMessage());
                throw e;
            } catch (LostProcess e) {
                throw e.withAdvice("continue with: keeplora resume " + journal.target());
            }
            RunReport report = results.write(result, opened.parts(), opened.data());
            journal.finish();
            return report;
        }
    }

    private ContinualRun.Result compute(
            Opened opened, ContinualRun.Changes changes, Checkpoints checkpoints, Progress progress) {
        RunDatasets data = opened.data();
        return opened.parts()
                .run(group, RunMonitor.of(progress, group))
                .run(data.tasks(), data.probes(), changes, checkpoints);
    }
}
