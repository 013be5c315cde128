package org.keeplora.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.PeftAdapter;
import org.keeplora.clip.Site;
import org.keeplora.clip.Tokenizer;
import org.keeplora.data.Dataset;
import org.keeplora.data.DecodedCache;
import org.keeplora.distributed.C10dProcessGroup;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.distributed.Rendezvous;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.report.SpectrumReport;
import org.keeplora.store.NameEncoding;
import org.keeplora.store.NamedArray;
import org.keeplora.store.RunDirectory;
import org.keeplora.store.Safetensors;
import org.keeplora.torch.Libtorch;
import org.keeplora.torch.LowRankChange;
import org.keeplora.torch.TorchDevice;
import org.keeplora.train.ContinualRun;
import org.keeplora.train.HeadKind;
import org.keeplora.train.LearningMethod;
import org.keeplora.train.MethodSettings;
import org.keeplora.train.Protection;
import org.keeplora.train.RunData;
import org.keeplora.train.RunMonitor;
import org.keeplora.train.RunProgress;
import org.keeplora.train.RunSettings;
import org.keeplora.train.SpectrumStudy;
import org.keeplora.train.TrainSettings;

/** From a configuration to the rooms that do the work, and from their result to files. */
final class Wiring {
    /** Weights of the class heads, one array a task. */
    static final String HEADS_FILE = "heads.safetensors";

    /** The merged model, as a folder of Hugging Face. */
    static final String MODEL = "model";
    /** One folder a task, in order. */
    static final String ADAPTERS = "adapters";

    private static final double GIGABYTE = 1e9;

    static final List<String> VOCABULARIES = List.of("tokenizer.json", "bpe_simple_vocab_16e6.txt.gz");

    private Wiring() {}

    /**
     * Accuracy by data set of what the finished run in {@code folder} learned: its saved model, or else its base model with its
     * adapters added, with its heads.
     */
    static Map<String, Double> evaluate(Path folder, RunConfig config, Optional<StartRecord> start, Verbosity verbosity)
            throws IOException {
        Path saved = folder.resolve(MODEL);
        try (Linalg linalg = linalg(config);
                Tokenizer tokenizer = Tokenizer.open(vocabulary(config.model()));
                ClipModel model = Files.isDirectory(saved)
                        ? ClipModel.load(saved, config.runtime().device())
                        : withAdapters(folder, config, start)) {
            List<DataSource> sources = sources(config);
            List<Dataset> datasets = open(config, sources);
            start.ifPresent(record -> record.requireSameTests(folder.toString(), RunInputs.data(tokenizer, datasets)));
            announce(datasets, verbosity);
            RunMonitor monitor = RunMonitor.of(verbosity.progress());
            double[] percent = new ContinualRun(
                            model, data(config, model, tokenizer, monitor), linalg, settings(config), monitor)
                    .evaluate(datasets, heads(folder.resolve(HEADS_FILE)));
            Map<String, Double> byName = new LinkedHashMap<>();
            for (int i = 0; i < percent.length; i++) {
                byName.put(sources.get(i).name(), percent[i]);
            }
            return byName;
        }
    }

    /** Tasks, then probes. */
    static List<DataSource> sources(RunConfig config) {
        return Stream.concat(config.data().tasks().stream(), config.data().probes().stream())
                .toList();
    }

    private static ClipModel withAdapters(Path folder, RunConfig config, Optional<StartRecord> start)
            throws IOException {
        Path adapters = folder.resolve(ADAPTERS);
        ConfigProblem.unless(
                Files.isDirectory(adapters),
                "%s: holds neither a model nor adapters; run with save.model=true",
                folder);
        ClipModel model = model(config);
        try (Stream<Path> tasks = Files.list(adapters)) {
            start.ifPresent(record -> record.requireModel(folder.toString(), RunInputs.modelDigest(model)));
            for (Path task : tasks.sorted().toList()) {
                Map<Site, LowRankChange> changes = PeftAdapter.read(task);
                model.apply(changes);
                changes.values().forEach(LowRankChange::close);
            }
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static List<NamedArray> heads(Path file) {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        Safetensors stored = Safetensors.open(file);
        return stored.names().stream().map(stored::get).toList();
    }

    /** Evaluates {@code config}'s tasks and probes with cut weights, writes its output folder and returns the report. */
    static SpectrumReport spectrum(RunConfig config, List<Double> shares, Verbosity verbosity) throws IOException {
        try (RunDirectory output = RunDirectory.create(Path.of(config.output()));
                Linalg linalg = linalg(config);
                Tokenizer tokenizer = Tokenizer.open(vocabulary(config.model()));
                ClipModel model = model(config)) {
            RunProgress progress = verbosity.progress();
            RunData data = data(config, model, tokenizer, RunMonitor.of(progress));
            SpectrumReport report = new SpectrumStudy(model, data, linalg, settings(config), progress)
                    .run(announce(open(config, sources(config)), verbosity), shares);
            Files.writeString(output.file(SpectrumReport.JSON_FILE), report.json());
            Files.writeString(output.file(SpectrumReport.MARKDOWN_FILE), report.markdown());
            output.commit();
            return report;
        }
    }

    static Linalg linalg(RunConfig config) {
        BackendChoice choice = BackendSetting.of(config.runtime().backend());
        int threads = config.runtime().threads();
        if (config.runtime().device() == TorchDevice.CPU) {
            return Linalg.open(choice, threads);
        }
        Optional<String> obstacle = TorchDevice.CUDA.obstacle();
        ConfigProblem.unless(obstacle.isEmpty(), "runtime.device is cuda, but %s", obstacle.orElse(""));
        return Linalg.open(choice, threads, TorchDevice.stream());
    }

    /** This process and those that share its run; without {@code place} it is alone. */
    static ProcessGroup ranks(Optional<Rendezvous> place) {
        if (place.isPresent()) {
            Libtorch.load();
        }
        return place.<ProcessGroup>map(C10dProcessGroup::join).orElse(ProcessGroup.SINGLE);
    }

    static RunData data(RunConfig config, ClipModel model, Tokenizer tokenizer, RunMonitor monitor) {
        Optional<DecodedCache> cache = Optional.ofNullable(config.data().cache())
                .map(folder ->
                        DecodedCache.in(Path.of(folder), (long) (config.data().cacheGb() * GIGABYTE)));
        return new RunData(model, tokenizer, config.runtime().threads(), cache, monitor);
    }

    static ClipModel model(RunConfig config) {
        RunConfig.Model model = config.model();
        return ClipModel.load(checkpoint(model), config.runtime().device(), Optional.ofNullable(model.activation()));
    }

    static List<Dataset> open(RunConfig config, List<DataSource> sources) {
        String given = config.data().root();
        Path root = given == null ? null : existing("data.root", given);
        sources.forEach(source -> NameEncoding.require(source.name()));
        return sources.stream().map(source -> source.open(root)).toList();
    }

    /** Says how many images each of {@code datasets}, which are returned, has, and what was left out. */
    static List<Dataset> announce(List<Dataset> datasets, Verbosity verbosity) {
        datasets.forEach(dataset -> verbosity.say(dataset.counts()));
        return datasets;
    }

    /** The file that is configured, or the one beside the checkpoint. */
    static Path vocabulary(RunConfig.Model model) {
        Path checkpoint = checkpoint(model).toAbsolutePath().normalize();
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

    /** The folder of the checkpoint as it was given, where transformers can load it from there. */
    static Optional<String> transformersFolder(RunConfig.Model model) {
        Path checkpoint = checkpoint(model);
        Path folder = Files.isDirectory(checkpoint)
                ? checkpoint
                : checkpoint.toAbsolutePath().getParent();
        return !BuiltInClip.NAME.equals(model.checkpoint()) && ClipModel.isOfTransformers(folder)
                ? Optional.of(folder.toString())
                : Optional.empty();
    }

    private static Path checkpoint(RunConfig.Model model) {
        return BuiltInClip.NAME.equals(model.checkpoint())
                ? BuiltInClip.folder()
                : existing("model.checkpoint", model.checkpoint());
    }

    private static Path existing(String key, String file) {
        Path path = Path.of(file);
        ConfigProblem.unless(
                Files.exists(path), "%s: %s does not exist; correct the key or put the file there", key, file);
        return path;
    }

    static RunSettings settings(RunConfig config) {
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

    static String title(RunConfig config) {
        LearningMethod name = config.method().name();
        String plus = config.method().head() == HeadKind.COSINE ? "+" : "";
        String title = name.name().toLowerCase(Locale.ROOT).replace('_', '-') + plus;
        return name == LearningMethod.KEEPLORA
                ? title + " (" + config.method().preset().id() + ")"
                : title;
    }
}
