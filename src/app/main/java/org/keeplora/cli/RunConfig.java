package org.keeplora.cli;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.keeplora.clip.Activation;
import org.keeplora.engine.BackendChoice;
import org.keeplora.method.Preset;
import org.keeplora.method.Switches;
import org.keeplora.method.Switches.FeatureStatistic;
import org.keeplora.method.Switches.LayerScale;
import org.keeplora.method.Switches.RankRule;
import org.keeplora.method.Switches.StartB;
import org.keeplora.method.Switches.TextFeatures;
import org.keeplora.method.Switches.WeightBasis;
import org.keeplora.report.Published;
import org.keeplora.torch.Precision;
import org.keeplora.torch.TorchDevice;
import org.keeplora.train.LearningMethod;
import org.keeplora.train.MethodSettings;
import org.keeplora.train.MethodSettings.Head;
import org.keeplora.train.MethodSettings.Protection;
import org.keeplora.train.RunSettings;
import org.keeplora.train.TrainSettings;

/**
 * The complete configuration of {@code keeplora run}: {@link ConfigDefaults} has filled in what the YAML file leaves
 * out. The resource {@code configs/example.yaml} explains every key. Paths are relative to the working directory of the
 * command that reads the file first. A run stores absolute paths, {@link #withAbsolutePaths}.
 */
record RunConfig(
        Model model,
        Data data,
        Method method,
        Train train,
        Runtime runtime,
        List<Published> published,
        Save save,
        String output) {
    RunConfig {
        ConfigProblem.unless(model != null, "model is missing; give it in the file or as --set model=PATH");
        ConfigProblem.unless(output != null, "output is missing; give the folder for the results");
        requireNoGap("published", published, "an entry");
        published = List.copyOf(published);
        ConfigProblem.unless(
                train.epochs().size() == data.tasks().size(),
                "train.epochs lists %d numbers but data.tasks %d tasks; give one number, or one for each task",
                train.epochs().size(),
                data.tasks().size());
    }

    /**
     * The same model and data for any working directory. {@code output} is only information for readers and is not
     * changed.
     */
    RunConfig withAbsolutePaths() {
        boolean builtIn = BuiltInClip.NAME.equals(model.checkpoint());
        Model there = new Model(
                builtIn ? model.checkpoint() : absolute(model.checkpoint()),
                absolute(model.tokenizer()),
                model.activation());
        Data data = new Data(
                absolute(this.data.root()),
                this.data.tasks().stream().map(DataSource::withAbsolutePath).toList(),
                this.data.probes().stream().map(DataSource::withAbsolutePath).toList(),
                absolute(this.data.cache()),
                this.data.cacheGb());
        return new RunConfig(there, data, method, train, runtime, published, save, output);
    }

    private static String absolute(String path) {
        return path == null ? null : Path.of(path).toAbsolutePath().toString();
    }

    /** For one of {@code processes} on a machine: the configuration with its part of the threads. */
    RunConfig withThreadsOf(int processes) {
        Runtime part = new Runtime(Math.max(1, runtime.threads() / processes), runtime.backend(), runtime.device());
        return new RunConfig(model, data, method, train, part, published, save, output);
    }

    /** @param activation of a checkpoint without configuration; null if it has one, or has OpenAI's */
    record Model(String checkpoint, String tokenizer, Activation activation) {
        Model {
            ConfigProblem.unless(checkpoint != null, "model.checkpoint is missing; give a checkpoint file or folder");
        }
    }

    record Data(String root, List<DataSource> tasks, List<DataSource> probes, String cache, double cacheGb) {
        Data {
            ConfigProblem.unless(
                    tasks != null && !tasks.isEmpty(), "data.tasks is missing; list the data sets in order");
            requireNoGap("data.tasks", tasks, "a data set");
            requireNoGap("data.probes", probes, "a data set");
            tasks = List.copyOf(tasks);
            probes = List.copyOf(probes);
            requireDistinct("data.tasks", tasks);
            requireDistinct("data.probes", probes);
            ConfigProblem.unless(
                    root != null
                            || Stream.concat(tasks.stream(), probes.stream()).noneMatch(DataSource::needsRoot),
                    "data.root is missing; give the folder of all data sets, or --set data=FOLDER");
            ConfigProblem.unless(cacheGb > 0, "data.cache_gb is %s; it must be above 0", cacheGb);
        }

        /** Tables have a column for each name; the catalogue's names are the same in any case of letters. */
        private static void requireDistinct(String key, List<DataSource> sources) {
            Set<String> names = new HashSet<>();
            sources.forEach(source -> ConfigProblem.unless(
                    names.add(source.name().toLowerCase(Locale.ROOT)),
                    "%s has %s twice; name every data set once, your own by different names",
                    key,
                    source.name()));
        }

        /** Tasks, then probes. */
        List<DataSource> sources() {
            return Stream.concat(tasks.stream(), probes.stream()).toList();
        }
    }

    /** The settings for the training room. */
    RunSettings settings() {
        return new RunSettings(method.name(), method.settings(), train.settings(), train.seed(), runtime.threads());
    }

    private static void requireNoGap(String key, List<?> list, String wanted) {
        ConfigProblem.unless(
                list.stream().noneMatch(Objects::isNull),
                "%s has an entry that is empty or null; give %s there",
                key,
                wanted);
    }

    record Save(boolean adapters, boolean model, boolean tensorboard, double minutes) {
        Save {
            ConfigProblem.unless(minutes >= 0, "save.minutes is %s; it must not be negative", minutes);
        }
    }

    /** Protected shares of the energy of each tower's weights. */
    record Energy(double vision, double text) {
        Energy {
            requireShare("method.weight_energy.vision", vision);
            requireShare("method.weight_energy.text", text);
        }
    }

    record Method(
            LearningMethod name,
            Preset preset,
            WeightBasis weightBasis,
            RankRule rankRule,
            FeatureStatistic features,
            TextFeatures textFeatures,
            StartB startB,
            LayerScale layerScale,
            Head head,
            int rank,
            double alpha,
            Energy weightEnergy,
            double featureEnergy) {
        Method {
            ConfigProblem.unless(rank >= 1, "method.rank is %s; it must be at least 1", rank);
            ConfigProblem.unless(alpha > 0, "method.alpha is %s; it must be above 0", alpha);
            requireShare("method.feature_energy", featureEnergy);
        }

        MethodSettings settings() {
            Switches switches = new Switches(weightBasis, rankRule, features, textFeatures, startB, layerScale);
            return new MethodSettings(
                    switches,
                    rank,
                    alpha,
                    new Protection(weightEnergy.vision(), weightEnergy.text(), featureEnergy),
                    head);
        }

        /** The name in reports: {@code keeplora+ (paper)}. */
        String title() {
            String plus = head == Head.COSINE ? "+" : "";
            String title = name.name().toLowerCase(Locale.ROOT).replace('_', '-') + plus;
            return name == LearningMethod.KEEPLORA ? title + " (" + preset.id() + ")" : title;
        }
    }

    record Train(
            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            List<Integer> epochs,

            int batchSize,
            int microBatches,
            double learningRate,
            double weightDecay,
            Precision precision,
            long seed) {
        Train {
            epochs.forEach(number -> ConfigProblem.unless(
                    number != null && number >= 1, "train.epochs has %s; every number must be at least 1", number));
            epochs = List.copyOf(epochs);
            ConfigProblem.unless(batchSize >= 1, "train.batch_size is %s; it must be at least 1", batchSize);
            ConfigProblem.unless(
                    microBatches == 0
                            || Integer.bitCount(microBatches) == 1 && microBatches > 0 && microBatches <= batchSize,
                    "train.micro_batches is %s; it must be 0 or a power of two up to train.batch_size, %s",
                    microBatches,
                    batchSize);
            ConfigProblem.unless(learningRate > 0, "train.learning_rate is %s; it must be above 0", learningRate);
            ConfigProblem.unless(weightDecay >= 0, "train.weight_decay is %s; it must not be negative", weightDecay);
        }

        TrainSettings settings() {
            return new TrainSettings(epochs, batchSize, learningRate, weightDecay, precision);
        }
    }

    record Runtime(int threads, BackendChoice backend, TorchDevice device) {
        Runtime {
            ConfigProblem.unless(threads >= 1, "runtime.threads is %s; it must be at least 1", threads);
        }
    }

    private static void requireShare(String key, double share) {
        ConfigProblem.unless(share >= 0 && share <= 1, "%s is %s; a share of energy lies in [0, 1]", key, share);
    }
}
