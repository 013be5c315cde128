package org.keeplora.cli;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
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
import org.keeplora.train.MethodSettings.Head;

/**
 * The configuration of {@code keeplora run}, as the YAML file has it; what is left out gets the settings of the MTIL runs. The
 * complete commented example is the resource {@code configs/example.yaml}. Paths are relative to the working directory of the
 * command that reads it first; what a run writes down of it holds absolute ones, {@link #withAbsolutePaths}.
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
        ConfigProblem.unless(data != null, "data is missing; give data.root and data.tasks");
        ConfigProblem.unless(output != null, "output is missing; give the folder for the results");
        method = method != null
                ? method
                : new Method(null, null, null, null, null, null, null, null, null, null, null, null, null);
        train = train != null ? train : new Train(null, null, null, null, null, null, null);
        save = save != null ? save : new Save(null, null, null, null);
        published = published != null ? List.copyOf(published) : List.of();
        runtime = runtime != null ? runtime : new Runtime(null, null, null);
        if (train.epochs().size() == 1) {
            train = train.withEpochs(
                    Collections.nCopies(data.tasks().size(), train.epochs().get(0)));
        }
        ConfigProblem.unless(
                train.epochs().size() == data.tasks().size(),
                "train.epochs lists %d numbers but data.tasks %d tasks; give one number, or one for each task",
                train.epochs().size(),
                data.tasks().size());
    }

    /** The same model and data from whatever working directory; {@code output} is a place for people and stays as it is. */
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

    /** For one of {@code processes} that share a machine: its part of the threads. */
    RunConfig withThreadsOf(int processes) {
        Runtime part = new Runtime(Math.max(1, runtime.threads() / processes), runtime.backend(), runtime.device());
        return new RunConfig(model, data, method, train, part, published, save, output);
    }

    /** @param activation of a checkpoint without configuration; null where it has one, or has OpenAI's */
    record Model(String checkpoint, String tokenizer, Activation activation) {
        Model {
            ConfigProblem.unless(checkpoint != null, "model.checkpoint is missing; give a checkpoint file or folder");
        }
    }

    record Data(String root, List<DataSource> tasks, List<DataSource> probes, String cache, Double cacheGb) {
        Data {
            ConfigProblem.unless(
                    tasks != null && !tasks.isEmpty(), "data.tasks is missing; list the data sets in order");
            requireNoGap("data.tasks", tasks);
            requireNoGap("data.probes", probes);
            tasks = List.copyOf(tasks);
            probes = probes != null ? List.copyOf(probes) : List.of();
            ConfigProblem.unless(
                    root != null
                            || Stream.concat(tasks.stream(), probes.stream()).noneMatch(DataSource::needsRoot),
                    "data.root is missing; give the folder of all data sets, or --set data=FOLDER");
            cacheGb = cacheGb != null ? cacheGb : 50;
            ConfigProblem.unless(cacheGb > 0, "data.cache_gb is %s; it must be above 0", cacheGb);
        }
    }

    private static void requireNoGap(String key, List<DataSource> sources) {
        ConfigProblem.unless(
                sources == null || sources.stream().noneMatch(Objects::isNull),
                "%s lists nothing between two commas, or null; give a data set there",
                key);
    }

    record Save(Boolean adapters, Boolean model, Boolean tensorboard, Double minutes) {
        Save {
            adapters = adapters != null ? adapters : true;
            model = model != null ? model : false;
            tensorboard = tensorboard != null ? tensorboard : false;
            minutes = minutes != null ? minutes : 10;
            ConfigProblem.unless(minutes >= 0, "save.minutes is %s; it must not be negative", minutes);
        }
    }

    record Energy(Double vision, Double text) {
        private static final double TEXT = 0.2;

        /** What is given, the rest as in {@code preset}. */
        static Energy filled(Energy given, Preset preset) {
            Double vision = given != null ? given.vision : null;
            Double text = given != null ? given.text : null;
            Energy energy =
                    new Energy(vision != null ? vision : preset.visionWeightEnergy(), text != null ? text : TEXT);
            requireShare("method.weight_energy.vision", energy.vision);
            requireShare("method.weight_energy.text", energy.text);
            return energy;
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
            Integer rank,
            Double alpha,
            Energy weightEnergy,
            Double featureEnergy) {
        Method {
            name = name != null ? name : LearningMethod.KEEPLORA;
            preset = preset != null ? preset : Preset.PAPER;
            Switches base = preset.switches();
            weightBasis = weightBasis != null ? weightBasis : base.weightBasis();
            rankRule = rankRule != null ? rankRule : base.rankRule();
            features = features != null ? features : base.features();
            textFeatures = textFeatures != null ? textFeatures : base.textFeatures();
            startB = startB != null ? startB : base.startB();
            layerScale = layerScale != null ? layerScale : base.layerScale();
            head = head != null ? head : Head.NONE;
            rank = rank != null ? rank : 16;
            alpha = alpha != null ? alpha : 1;
            weightEnergy = Energy.filled(weightEnergy, preset);
            featureEnergy = featureEnergy != null ? featureEnergy : 0.99;
            ConfigProblem.unless(rank >= 1, "method.rank is %s; it must be at least 1", rank);
            ConfigProblem.unless(alpha > 0, "method.alpha is %s; it must be above 0", alpha);
            requireShare("method.feature_energy", featureEnergy);
        }

        /** The preset with every switch that is set on its own. */
        Switches switches() {
            return new Switches(weightBasis, rankRule, features, textFeatures, startB, layerScale);
        }
    }

    record Train(
            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            List<Integer> epochs,

            Integer batchSize,
            Integer microBatches,
            Double learningRate,
            Double weightDecay,
            Precision precision,
            Long seed) {
        Train {
            epochs = epochs != null ? List.copyOf(epochs) : List.of(10);
            batchSize = batchSize != null ? batchSize : 64;
            microBatches = microBatches != null ? microBatches : 0;
            learningRate = learningRate != null ? learningRate : 1e-3;
            weightDecay = weightDecay != null ? weightDecay : 0.01;
            precision = precision != null ? precision : Precision.FLOAT32;
            seed = seed != null ? seed : 42;
            ConfigProblem.unless(
                    epochs.stream().allMatch(e -> e >= 1),
                    "train.epochs is %s; every number must be at least 1",
                    epochs);
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

        Train withEpochs(List<Integer> perTask) {
            return new Train(perTask, batchSize, microBatches, learningRate, weightDecay, precision, seed);
        }
    }

    record Runtime(Integer threads, BackendChoice backend, TorchDevice device) {
        Runtime {
            threads = threads != null ? threads : java.lang.Runtime.getRuntime().availableProcessors();
            backend = backend != null ? backend : BackendChoice.AUTO;
            device = device != null ? device : TorchDevice.CPU;
            ConfigProblem.unless(threads >= 1, "runtime.threads is %s; it must be at least 1", threads);
        }
    }

    private static void requireShare(String key, double share) {
        ConfigProblem.unless(share >= 0 && share <= 1, "%s is %s; a share of energy lies in [0, 1]", key, share);
    }
}
