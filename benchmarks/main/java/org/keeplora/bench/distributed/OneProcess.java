package org.keeplora.bench.distributed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.keeplora.clip.ClipArchitecture;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.TextLength;
import org.keeplora.clip.TokenBatch;
import org.keeplora.clip.Tokenizer;
import org.keeplora.data.Dataset;
import org.keeplora.data.DatasetCatalog;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.method.Preset;
import org.keeplora.report.StageTimes;
import org.keeplora.torch.Precision;
import org.keeplora.torch.TorchShuffle;
import org.keeplora.train.ComputeContext;
import org.keeplora.train.ContinualRun;
import org.keeplora.train.LearningMethod;
import org.keeplora.train.MethodSettings;
import org.keeplora.train.MethodSettings.Head;
import org.keeplora.train.MethodSettings.Protection;
import org.keeplora.train.RunData;
import org.keeplora.train.RunMonitor;
import org.keeplora.train.RunSettings;
import org.keeplora.train.TrainSettings;

/**
 * Measures the batches of one process. It learns one task with KeepLoRA with its own batches, with batches of half the
 * size, and with more prompts, in turns. So the costs of images, of prompts and of the rest can be separated even when
 * the machine's speed changes.
 *
 * <p>Arguments: data root, folder of the model, name of the task, images per batch, epochs, file to write. One thread:
 * bind the process to one core.
 */
public final class OneProcess {
    private static final int TURNS = 3;
    private static final int RANK = 16;
    private static final int MORE_PROMPTS = 50;
    private static final long SEED = 42;
    /** Forward and backward pass cost the same when only the factors' gradients are needed. */
    private static final double HALF = 0.5;

    private final Path model;
    private final int batch;
    private final int epochs;

    private OneProcess(Path model, int batch, int epochs) {
        this.model = model;
        this.batch = batch;
        this.epochs = epochs;
    }

    /** Measurements of a run besides its batches. */
    private record Learned(Map<String, Double> stages, ClipArchitecture architecture, int tokens) {}

    /** Batches of all turns: of the task as it is, with half the images, and with more prompts. */
    private record Batches(BatchTimes full, BatchTimes half, BatchTimes more) {}

    public static void main(String[] arguments) throws IOException {
        Dataset dataset = DatasetCatalog.open(arguments[2], Path.of(arguments[0]), TorchShuffle::permutation);
        Results.Profile profile = new OneProcess(
                        Path.of(arguments[1]), Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]))
                .profile(dataset);
        Results.JSON
                .writerWithDefaultPrettyPrinter()
                .writeValue(Path.of(arguments[5]).toFile(), profile);
    }

    private Results.Profile profile(Dataset dataset) {
        int images = dataset.train().size();
        int classes = dataset.classNames().size();
        Batches batches =
                new Batches(new BatchTimes(classes), new BatchTimes(classes), new BatchTimes(classes + MORE_PROMPTS));
        Learned learned =
                learn(dataset, batch, new BatchTimes(classes)); // the first run of a process is slower than the others
        for (int turn = 0; turn < TURNS; turn++) {
            learned = learn(dataset, batch, batches.full());
            learn(dataset, batch / 2, batches.half());
            learn(withMorePrompts(dataset), batch, batches.more());
        }
        Network network = network(learned);
        TaskSize.Tests tests = new TaskSize.Tests(1, dataset.test().size(), classes);
        TaskSize task = new TaskSize(dataset.name(), images, classes, batch, epochs, false, tests);
        PassTime steps = training(dataset.name() + " training", batches);
        Costs costs = new Costs(
                gradient(dataset.name() + " gradient", network, steps, batches),
                steps,
                forward(dataset.name() + " features", 0, steps, batches),
                forward("evaluation", 1, steps, batches),
                learned.stages().get("decoding") / (images + dataset.test().size()),
                new Costs.OnceATask(
                        learned.stages().get("adapter start"), learned.stages().get("basis growth")));
        return new Results.Profile(network, task, costs);
    }

    private static PassTime training(String pass, Batches batches) {
        List<PassTime.Batch> full = batches.full().of(pass);
        double prompt = PassTime.promptSeconds(full, batches.more().of(pass));
        return PassTime.fitted(full, batches.half().of(pass), prompt, HALF);
    }

    /**
     * The gradient pass. A task has only one, so a prompt's cost is computed: its cost in training plus the operations
     * for its weights' gradients.
     */
    private static PassTime gradient(String pass, Network network, PassTime steps, Batches batches) {
        Network.TowerSize vision = network.vision();
        Network.TowerSize text = network.text();
        double forward = vision.forward() / (vision.forward() + vision.backward() + vision.weightGradients());
        PassTime images = images(pass, 0, batches, forward);
        double prompt = steps.prompt() * (1 + text.weightGradients() / (text.forward() + text.backward()));
        return new PassTime(images.fixed(), images.image(), prompt, forward, images.noise());
    }

    /**
     * A pass without gradients. A prompt costs half of its cost in training.
     *
     * @param skip number of first batches of the pass to ignore, because they differ: an evaluation encodes the prompts
     *     in its first batch
     */
    private static PassTime forward(String pass, int skip, PassTime steps, Batches batches) {
        PassTime images = images(pass, skip, batches, 1);
        return new PassTime(images.fixed(), images.image(), HALF * steps.prompt(), 1, images.noise());
    }

    /** A pass whose batches have no prompts. */
    private static PassTime images(String pass, int skip, Batches batches, double forward) {
        return PassTime.fitted(
                after(skip, batches.full().of(pass)), after(skip, batches.half().of(pass)), 0, forward);
    }

    private static List<PassTime.Batch> after(int skip, List<PassTime.Batch> batches) {
        return batches.subList(skip, batches.size());
    }

    /** The same images, with additional classes that have no images. */
    private static Dataset withMorePrompts(Dataset dataset) {
        List<String> names = new ArrayList<>(dataset.classNames());
        IntStream.range(0, MORE_PROMPTS)
                .forEach(i -> names.add(dataset.classNames().get(0) + " " + i));
        return new Dataset(dataset.name(), names, dataset.templates(), dataset.train(), dataset.test());
    }

    private Learned learn(Dataset dataset, int images, BatchTimes batches) {
        RunMonitor monitor = new RunMonitor(batches, new StageTimes());
        try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, 1);
                Tokenizer tokenizer = Tokenizer.open(model.resolve("tokenizer.json"));
                ClipModel clip = ClipModel.load(model.resolve("model.safetensors"))) {
            RunData data = new RunData(clip, tokenizer, 1, Optional.empty(), monitor);
            new ContinualRun(clip, data, new ComputeContext(linalg, ProcessGroup.SINGLE, monitor), settings(images))
                    .run(List.of(dataset), List.of(), ContinualRun.Changes.IGNORED);
            return new Learned(monitor.times().seconds(), clip.architecture(), tokens(tokenizer, clip, dataset));
        }
    }

    private RunSettings settings(int images) {
        return new RunSettings(
                LearningMethod.KEEPLORA,
                new MethodSettings(Preset.PAPER.switches(), RANK, RANK, new Protection(0.6, 0.2, 0.99), Head.NONE),
                new TrainSettings(List.of((epochs + TURNS - 1) / TURNS), images, 1e-3, 0.01, Precision.FLOAT32),
                SEED,
                1);
    }

    private static int tokens(Tokenizer tokenizer, ClipModel clip, Dataset dataset) {
        try (TokenBatch prompts =
                tokenizer.encode(dataset.prompts(), clip.architecture().contextLength(), TextLength.LONGEST)) {
            return IntStream.of(prompts.endOfText()).max().orElseThrow() + 1;
        }
    }

    private static Network network(Learned learned) {
        ClipArchitecture its = learned.architecture();
        int grid = its.imageSize() / its.patchSize();
        return new Network(
                "the checkpoint",
                its.imageSize(),
                new Network.TowerSize(its.vision().width(), its.vision().blocks(), grid * grid + 1),
                new Network.TowerSize(its.text().width(), its.text().blocks(), learned.tokens()),
                its.embedding(),
                RANK);
    }
}
