package org.keeplora.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Tokenizer;
import org.keeplora.clip.TorchShuffle;
import org.keeplora.data.Dataset;
import org.keeplora.data.DatasetCatalog;
import org.keeplora.engine.Linalg;
import org.keeplora.report.RunFacts;
import org.keeplora.report.RunReport;
import org.keeplora.report.SpectrumReport;
import org.keeplora.store.RunDirectory;
import org.keeplora.store.Safetensors;
import org.keeplora.train.ContinualRun;
import org.keeplora.train.HeadKind;
import org.keeplora.train.LearningMethod;
import org.keeplora.train.MethodSettings;
import org.keeplora.train.Protection;
import org.keeplora.train.RunProgress;
import org.keeplora.train.RunResult;
import org.keeplora.train.RunSettings;
import org.keeplora.train.SpectrumStudy;
import org.keeplora.train.TrainSettings;

/** From a configuration to the rooms that do the work, and from their result to files. */
final class Wiring {
    /** Weights of the class heads, one array a task. */
    private static final String HEADS_FILE = "heads.safetensors";

    private static final List<String> VOCABULARIES = List.of("tokenizer.json", "bpe_simple_vocab_16e6.txt.gz");

    private Wiring() {}

    /** Runs {@code config}, writes its output folder and returns the report. */
    static RunReport run(RunConfig config, RunProgress progress) throws IOException {
        try (RunDirectory output = RunDirectory.create(Path.of(config.output()));
                Linalg linalg = linalg(config);
                Tokenizer tokenizer = Tokenizer.open(vocabulary(config.model()));
                ClipModel model = model(config)) {
            RunResult result = new ContinualRun(model, tokenizer, linalg, settings(config), progress)
                    .run(
                            open(config, config.data().tasks()),
                            open(config, config.data().probes()));
            RunReport report = new RunReport(
                    title(config),
                    result.tables(),
                    result.times().totals(),
                    config.published(),
                    new RunFacts(config.train().seed(), Versions.all(), RunConfigFile.values(config)));
            Files.writeString(output.file(RunReport.JSON_FILE), report.json());
            Files.writeString(output.file(RunReport.MARKDOWN_FILE), report.markdown());
            if (!result.heads().isEmpty()) {
                Safetensors.write(output.file(HEADS_FILE), result.heads(), Map.of());
            }
            output.commit();
            return report;
        }
    }

    /** Evaluates {@code config}'s tasks and probes with cut weights, writes its output folder and returns the report. */
    static SpectrumReport spectrum(RunConfig config, List<Double> shares, RunProgress progress) throws IOException {
        try (RunDirectory output = RunDirectory.create(Path.of(config.output()));
                Linalg linalg = linalg(config);
                Tokenizer tokenizer = Tokenizer.open(vocabulary(config.model()));
                ClipModel model = model(config)) {
            List<String> names = Stream.concat(config.data().tasks().stream(), config.data().probes().stream())
                    .toList();
            SpectrumReport report = new SpectrumStudy(model, tokenizer, linalg, settings(config), progress)
                    .run(open(config, names), shares);
            Files.writeString(output.file(SpectrumReport.JSON_FILE), report.json());
            Files.writeString(output.file(SpectrumReport.MARKDOWN_FILE), report.markdown());
            output.commit();
            return report;
        }
    }

    private static Linalg linalg(RunConfig config) {
        return Linalg.open(config.runtime().backend(), config.runtime().threads());
    }

    private static ClipModel model(RunConfig config) {
        return ClipModel.load(existing("model.checkpoint", config.model().checkpoint()));
    }

    private static List<Dataset> open(RunConfig config, List<String> names) {
        Path root = existing("data.root", config.data().root());
        return names.stream()
                .map(name -> DatasetCatalog.open(name, root, TorchShuffle::permutation))
                .toList();
    }

    /** The file that is configured, or the one beside the checkpoint. */
    private static Path vocabulary(RunConfig.Model model) {
        Path checkpoint = existing("model.checkpoint", model.checkpoint())
                .toAbsolutePath()
                .normalize();
        if (model.tokenizer() != null) {
            return existing("model.tokenizer", model.tokenizer());
        }
        Path folder = Files.isDirectory(checkpoint) ? checkpoint : checkpoint.getParent();
        return VOCABULARIES.stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new ConfigProblem("model.tokenizer is missing, and " + folder + " holds none of "
                        + String.join(", ", VOCABULARIES) + "; give CLIP's vocabulary"));
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
                        method.head()),
                new TrainSettings(
                        train.epochs(),
                        train.batchSize(),
                        train.learningRate(),
                        train.weightDecay(),
                        train.precision()),
                train.seed(),
                config.runtime().threads());
    }

    private static String title(RunConfig config) {
        LearningMethod name = config.method().name();
        String plus = config.method().head() == HeadKind.COSINE ? "+" : "";
        String title = name.name().toLowerCase(Locale.ROOT).replace('_', '-') + plus;
        return name == LearningMethod.KEEPLORA
                ? title + " (" + config.method().preset().id() + ")"
                : title;
    }
}
