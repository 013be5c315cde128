package org.keeplora.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Precision;
import org.keeplora.clip.Tokenizer;
import org.keeplora.clip.TorchShuffle;
import org.keeplora.data.Dataset;
import org.keeplora.data.DatasetCatalog;
import org.keeplora.engine.Linalg;
import org.keeplora.report.RunFacts;
import org.keeplora.report.RunReport;
import org.keeplora.store.RunDirectory;
import org.keeplora.train.ContinualRun;
import org.keeplora.train.HeadKind;
import org.keeplora.train.LearningMethod;
import org.keeplora.train.MethodSettings;
import org.keeplora.train.Protection;
import org.keeplora.train.RunProgress;
import org.keeplora.train.RunResult;
import org.keeplora.train.RunSettings;
import org.keeplora.train.TrainSettings;

/** From a configuration to the rooms that do the work, and from their result to files. */
final class Wiring {
    private Wiring() {}

    /** Runs {@code config}, writes its output folder and returns the report. */
    static RunReport run(RunConfig config, RunProgress progress) throws IOException {
        Path checkpoint = existing("model.checkpoint", config.model().checkpoint());
        Path tokenizerFile = existing("model.tokenizer", config.model().tokenizer());
        Path root = existing("data.root", config.data().root());
        try (RunDirectory output = RunDirectory.create(Path.of(config.output()));
                Linalg linalg =
                        Linalg.open(config.runtime().backend(), config.runtime().threads());
                Tokenizer tokenizer = Tokenizer.open(tokenizerFile);
                ClipModel model = ClipModel.load(checkpoint)) {
            List<Dataset> tasks = config.data().tasks().stream()
                    .map(task -> DatasetCatalog.open(task, root, TorchShuffle::permutation))
                    .toList();
            RunResult result =
                    new ContinualRun(model, tokenizer, linalg, settings(config), progress).run(tasks, List.of());
            RunReport report = new RunReport(
                    title(config),
                    result.tables(),
                    result.times().totals(),
                    List.of(),
                    new RunFacts(config.train().seed(), Versions.all(), RunConfigFile.values(config)));
            Files.writeString(output.file(RunReport.JSON_FILE), report.json());
            Files.writeString(output.file(RunReport.MARKDOWN_FILE), report.markdown());
            output.commit();
            return report;
        }
    }

    private static Path existing(String key, String file) {
        Path path = Path.of(file);
        ConfigProblem.unless(
                Files.exists(path), "%s: %s does not exist; correct the key or put the file there", key, file);
        return path;
    }

    private static RunSettings settings(RunConfig config) {
        RunConfig.Method method = config.method();
        RunConfig.Train train = config.train();
        return new RunSettings(
                method.name(),
                new MethodSettings(
                        method.switches(),
                        method.rank(),
                        method.alpha(),
                        new Protection(
                                method.weightEnergy().vision(),
                                method.weightEnergy().text(),
                                method.featureEnergy()),
                        HeadKind.NONE),
                new TrainSettings(
                        train.epochs(),
                        train.batchSize(),
                        train.learningRate(),
                        train.weightDecay(),
                        Precision.FLOAT32),
                train.seed(),
                config.runtime().threads());
    }

    private static String title(RunConfig config) {
        LearningMethod name = config.method().name();
        String title = name.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return name == LearningMethod.KEEPLORA
                ? title + " (" + config.method().preset().id() + ")"
                : title;
    }
}
