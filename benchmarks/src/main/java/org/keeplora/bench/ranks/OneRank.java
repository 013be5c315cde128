package org.keeplora.bench.ranks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.keeplora.clip.ClipArchitecture;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Precision;
import org.keeplora.clip.TextLength;
import org.keeplora.clip.TokenBatch;
import org.keeplora.clip.Tokenizer;
import org.keeplora.clip.TorchShuffle;
import org.keeplora.data.Dataset;
import org.keeplora.data.DatasetCatalog;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.method.Preset;
import org.keeplora.report.StageTimes;
import org.keeplora.train.ContinualRun;
import org.keeplora.train.HeadKind;
import org.keeplora.train.LearnedChanges;
import org.keeplora.train.LearningMethod;
import org.keeplora.train.MethodSettings;
import org.keeplora.train.Protection;
import org.keeplora.train.RunData;
import org.keeplora.train.RunMonitor;
import org.keeplora.train.RunSettings;
import org.keeplora.train.TrainSettings;

/**
 * Measures the batches of one rank: learns one task with KeepLoRA three times, with its batches, with half of them, and with more prompts,
 * so that what images cost can be told from what prompts cost and from the rest.
 *
 * <p>Arguments: data root, folder of the model, name of the task, epochs, file to write. One thread: bind the process to one core.
 */
public final class OneRank {
    private static final int BATCH = 64;
    private static final int RANK = 16;
    private static final int MORE_PROMPTS = 50;
    private static final long SEED = 42;
    /** Forward and backward pass cost the same when only the factors' gradients are wanted. */
    private static final double HALF = 0.5;

    private final Path model;
    private final int epochs;

    private OneRank(Path model, int epochs) {
        this.model = model;
        this.epochs = epochs;
    }

    /** One run's batches and stages. */
    private record Measured(
            BatchTimes batches, Map<String, Double> stages, ClipArchitecture architecture, int tokens) {}

    public static void main(String[] arguments) throws IOException {
        Dataset dataset = DatasetCatalog.open(arguments[2], Path.of(arguments[0]), TorchShuffle::permutation);
        new OneRank(Path.of(arguments[1]), Integer.parseInt(arguments[3]))
                .profile(dataset)
                .write(Path.of(arguments[4]));
    }

    private Profile profile(Dataset dataset) {
        learn(dataset, BATCH); // the first run of a process is slower than the others
        Measured full = learn(dataset, BATCH);
        Measured half = learn(dataset, BATCH / 2);
        Measured more = learn(withMorePrompts(dataset), BATCH);
        Network network = network(full);
        int images = dataset.train().size();
        int classes = dataset.classNames().size();
        TaskSize.Tests tests = new TaskSize.Tests(1, dataset.test().size(), classes);
        TaskSize task = new TaskSize(dataset.name(), images, classes, BATCH, epochs, false, tests);
        PassTime steps = training(dataset.name() + " training", full, half, more);
        Costs costs = new Costs(
                gradient(dataset.name() + " gradient", network, steps, full, half),
                steps,
                forward(dataset.name() + " features", 0, steps, full, half),
                forward("evaluation", 1, steps, full, half),
                full.stages().get("decoding") / (images + dataset.test().size()),
                new Costs.OnceATask(
                        full.stages().get("adapter start"), full.stages().get("basis growth")));
        return new Profile(network, task, costs);
    }

    private static PassTime training(String pass, Measured full, Measured half, Measured more) {
        List<PassTime.Batch> batches = full.batches().of(pass);
        double prompt = PassTime.promptSeconds(batches, more.batches().of(pass));
        return PassTime.fitted(batches, half.batches().of(pass), prompt, HALF);
    }

    /** A prompt, of which a task has only one pass, costs what it costs in training and the operations of its weights' gradients. */
    private static PassTime gradient(String pass, Network network, PassTime steps, Measured full, Measured half) {
        Transformer vision = network.vision();
        Transformer text = network.text();
        double forward = vision.forward() / (vision.forward() + vision.backward() + vision.weightGradients());
        PassTime images = PassTime.fitted(images(pass, 0, full), images(pass, 0, half), 0, forward);
        double prompt = steps.prompt() * (1 + text.weightGradients() / (text.forward() + text.backward()));
        return new PassTime(images.fixed(), images.image(), prompt, forward, images.noise());
    }

    /**
     * A pass without gradients. A prompt costs half of what it costs in training.
     *
     * @param skip first batches of the pass, which are not like the others: an evaluation encodes the prompts in its first
     */
    private static PassTime forward(String pass, int skip, PassTime steps, Measured full, Measured half) {
        PassTime images = PassTime.fitted(images(pass, skip, full), images(pass, skip, half), 0, 1);
        return new PassTime(images.fixed(), images.image(), HALF * steps.prompt(), 1, images.noise());
    }

    private static List<PassTime.Batch> images(String pass, int skip, Measured measured) {
        List<PassTime.Batch> batches = measured.batches().of(pass);
        return batches.subList(skip, batches.size());
    }

    /** The same images, with classes that none of them shows. */
    private static Dataset withMorePrompts(Dataset dataset) {
        List<String> names = new ArrayList<>(dataset.classNames());
        IntStream.range(0, MORE_PROMPTS)
                .forEach(i -> names.add(dataset.classNames().get(0) + " " + i));
        return new Dataset(dataset.name(), names, dataset.templates(), dataset.train(), dataset.test());
    }

    private Measured learn(Dataset dataset, int batch) {
        BatchTimes batches = new BatchTimes(dataset.classNames().size());
        RunMonitor monitor = new RunMonitor(batches, new StageTimes());
        try (Linalg linalg = Linalg.open(BackendChoice.CPU, 1);
                Tokenizer tokenizer = Tokenizer.open(model.resolve("tokenizer.json"));
                ClipModel clip = ClipModel.load(model.resolve("model.safetensors"))) {
            RunData data = new RunData(clip, tokenizer, 1, Optional.empty(), monitor);
            new ContinualRun(clip, data, linalg, settings(batch), monitor)
                    .run(List.of(dataset), List.of(), LearnedChanges.IGNORED);
            return new Measured(
                    batches, monitor.times().seconds(), clip.architecture(), tokens(tokenizer, clip, dataset));
        }
    }

    private RunSettings settings(int batch) {
        return new RunSettings(
                LearningMethod.KEEPLORA,
                new MethodSettings(Preset.PAPER.switches(), RANK, RANK, new Protection(0.6, 0.2, 0.99), HeadKind.NONE),
                new TrainSettings(List.of(epochs), batch, 1e-3, 0.01, Precision.FLOAT32),
                SEED,
                1);
    }

    private static int tokens(Tokenizer tokenizer, ClipModel clip, Dataset dataset) {
        try (TokenBatch prompts =
                tokenizer.encode(dataset.prompts(), clip.architecture().contextLength(), TextLength.LONGEST)) {
            return IntStream.of(prompts.endOfText()).max().orElseThrow() + 1;
        }
    }

    private static Network network(Measured measured) {
        ClipArchitecture its = measured.architecture();
        int grid = its.imageSize() / its.patchSize();
        return new Network(
                "the checkpoint",
                its.imageSize(),
                new Transformer(its.vision().width(), its.vision().blocks(), grid * grid + 1),
                new Transformer(its.text().width(), its.text().blocks(), measured.tokens()),
                its.embedding(),
                RANK);
    }
}
