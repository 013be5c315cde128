package org.keeplora.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.PeftAdapter;
import org.keeplora.clip.Site;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.report.RunReport;
import org.keeplora.store.NamedArray;
import org.keeplora.store.RunCheck;
import org.keeplora.store.Safetensors;
import org.keeplora.torch.LowRankChange;
import org.keeplora.train.RunMonitor;

/**
 * Reads a finished run from its files.
 *
 * @param place its folder; for the report its {@code metrics.json} is enough, also as a copy elsewhere
 */
record FinishedRun(Path place) {
    Path metrics() {
        return Files.isDirectory(place) ? place.resolve(RunReport.JSON_FILE) : place;
    }

    /** The folder of {@link #metrics}. */
    Path folder() {
        return metrics().toAbsolutePath().normalize().getParent();
    }

    /** The report. In a folder, the results must match their checksums. */
    RunReport report() throws IOException {
        if (Files.exists(place.resolve(RunFiles.CHECKSUMS))) {
            start();
        }
        return RunReport.read(metrics());
    }

    /** The start record of the run, whose results must match their checksums; empty for a run of an earlier version. */
    private Optional<StartRecord> start() {
        return RunCheck.requireResults(place).map(text -> StartRecord.ofText(place + ": start.json", text));
    }

    /**
     * Accuracy in percent, by data set, of what the run learned. Uses its saved model, or else its base model with its
     * adapters added, and its heads.
     *
     * @param overrides of keys of the run's configuration
     * @throws ConfigProblem when model or test images are not those of the run
     */
    Map<String, Double> evaluate(List<String> overrides, Verbosity verbosity) throws IOException {
        Optional<StartRecord> start = start();
        RunConfig config = RunConfigFile.ofRun(place.resolve(RunReport.JSON_FILE), overrides);
        try (RunParts parts = RunParts.open(config, () -> learned(config, start))) {
            RunDatasets data = RunDatasets.open(config.data());
            start.ifPresent(
                    record -> record.requireSameTests(place.toString(), RunInputs.data(parts.tokenizer(), data.all())));
            data.announce(verbosity);
            double[] percent = parts.run(ProcessGroup.SINGLE, RunMonitor.of(verbosity.progress()))
                    .evaluate(data.all(), heads());
            Map<String, Double> byName = new LinkedHashMap<>();
            for (DataSource source : config.data().sources()) {
                byName.put(source.name(), percent[byName.size()]);
            }
            return byName;
        }
    }

    private ClipModel learned(RunConfig config, Optional<StartRecord> start) throws IOException {
        Path saved = place.resolve(RunFiles.MODEL);
        return Files.isDirectory(saved)
                ? ClipModel.load(saved, config.runtime().device())
                : withAdapters(config, start);
    }

    private ClipModel withAdapters(RunConfig config, Optional<StartRecord> start) throws IOException {
        Path adapters = place.resolve(RunFiles.ADAPTERS);
        ConfigProblem.unless(
                Files.isDirectory(adapters), "%s: holds neither a model nor adapters; run with save.model=true", place);
        ClipModel model = RunParts.pretrained(config);
        try (Stream<Path> tasks = Files.list(adapters)) {
            start.ifPresent(record -> record.requireModel(place.toString(), RunInputs.modelDigest(model)));
            for (Path task : tasks.sorted().toList()) {
                Map<Site, LowRankChange> changes = PeftAdapter.read(task);
                try {
                    model.apply(changes);
                } finally {
                    changes.values().forEach(LowRankChange::close);
                }
            }
            return model;
        } catch (IOException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private List<NamedArray> heads() {
        Path file = place.resolve(RunFiles.HEADS);
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        Safetensors stored = Safetensors.open(file);
        return stored.names().stream().map(stored::get).toList();
    }
}
