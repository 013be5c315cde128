package org.keeplora.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.clip.TextLength;
import org.keeplora.clip.Tokenizer;
import org.keeplora.data.Batches;
import org.keeplora.data.Dataset;
import org.keeplora.data.DatasetCatalog;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.method.Preset;
import org.keeplora.torch.Precision;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchShuffle;
import org.keeplora.torch.TorchThreads;
import org.keeplora.train.ComputeContext;
import org.keeplora.train.Evaluator;
import org.keeplora.train.GradientEstimator;
import org.keeplora.train.LearningMethod;
import org.keeplora.train.MethodSettings;
import org.keeplora.train.MethodSettings.Head;
import org.keeplora.train.MethodSettings.Protection;
import org.keeplora.train.Objective;
import org.keeplora.train.RunData;
import org.keeplora.train.RunMonitor;
import org.keeplora.train.RunMonitor.Progress;
import org.keeplora.train.RunSettings;
import org.keeplora.train.StandardLora;
import org.keeplora.train.TaskData;
import org.keeplora.train.TrainSettings;
import org.keeplora.train.TrainingLoop;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One task of a run on {@code mtil-mini} with the small CLIP: the gradient pass, five epochs of training, and one row
 * of the accuracy table with the test sets of all eleven tasks. Images are decoded beforehand for both implementations.
 * Their losses and gradients are compared before anything is timed.
 *
 * <p>Needs {@code -Dkeeplora.data} and {@code -Dkeeplora.model}: the data root, and a folder with model.safetensors and
 * tokenizer.json.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Threads(1)
@Warmup(iterations = 1)
@Measurement(iterations = 5)
public class TaskBenchmark {
    private static final int EPOCHS = 5;
    private static final int BATCH = 64;
    private static final int RANK = 16;
    private static final int THREADS = 2;
    private static final TrainSettings TRAINING =
            new TrainSettings(List.of(EPOCHS), BATCH, 1e-3, 0.01, Precision.FLOAT32);
    private static final RunSettings SETTINGS = new RunSettings(
            LearningMethod.LORA,
            new MethodSettings(Preset.PAPER.switches(), RANK, RANK, new Protection(0.85, 0.2, 0.99), Head.NONE),
            TRAINING,
            42,
            THREADS);
    /**
     * Limit for losses and gradients: a cut prompt gives the same feature except for rounding, which training
     * amplifies.
     */
    private static final double LARGEST_DIFFERENCE = 1e-3;
    /** Limit for accuracies in percent: rounding moves single images between two equally likely classes. */
    private static final double LARGEST_ACCURACY_DIFFERENCE = 1;

    /** The implementation that runs the task. */
    @Param
    public Implementation implementation;

    /** A task with many or with few classes: the two implementations differ most in the work for prompts. */
    @Param({"StanfordCars", "Caltech101", "EuroSAT"})
    public String task;

    private final Map<Site, Tensor> pretrained = new LinkedHashMap<>();
    private BatchLinalg linalg;
    private ClipModel model;
    private Tokenizer tokenizer;
    private TaskData data;
    private List<RunData.TestSet> tests;
    private List<RunData.TestSet> fullTests;
    private List<int[]> steps;
    private PlainClip plain;
    private double[] percent;

    /** Opens model and data, and compares both implementations. */
    @Setup(Level.Trial)
    public void open() {
        TorchThreads.set(THREADS);
        linalg = BatchLinalg.open(BackendChoice.CPU, THREADS);
        Path folder = Path.of(System.getProperty("keeplora.model"));
        model = ClipModel.load(folder.resolve("model.safetensors"));
        tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"));
        Path root = Path.of(System.getProperty("keeplora.data"));
        Map<String, Dataset> datasets = new LinkedHashMap<>();
        for (String name : DatasetCatalog.names()) {
            datasets.put(name, DatasetCatalog.open(name, root, TorchShuffle::permutation));
        }
        RunData source = new RunData(model, tokenizer, THREADS, Optional.empty(), RunMonitor.of(Progress.SILENT));
        data = source.task(0, datasets.get(task), ProcessGroup.SINGLE);
        tests = new ArrayList<>();
        fullTests = new ArrayList<>();
        int context = model.architecture().contextLength();
        for (Dataset each : datasets.values()) {
            RunData.TestSet test = source.test(each, ProcessGroup.SINGLE);
            tests.add(test);
            fullTests.add(new RunData.TestSet(
                    each.name(),
                    test.images(),
                    test.total(),
                    tokenizer.encode(each.prompts(), context, TextLength.CONTEXT)));
        }
        steps = new ArrayList<>();
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            steps.addAll(Batches.shuffled(data.images().size(), BATCH, epoch));
        }
        try (PointerScope scope = new PointerScope()) {
            model.sites()
                    .forEach(site ->
                            pretrained.put(site, Tensors.keep(model.weight(site).clone())));
        }
        plain = plainClip();
        requireSame();
    }

    private PlainClip plainClip() {
        return new PlainClip(
                Path.of(System.getProperty("keeplora.model")).resolve("model.safetensors"), model.architecture());
    }

    private void requireSame() {
        double[] ours = keeplora();
        double[] ourPercent = percent;
        double[] theirs = authors();
        putBack();
        for (int i = 0; i < ours.length; i++) {
            if (!(Math.abs(ours[i] - theirs[i]) <= LARGEST_DIFFERENCE * Math.max(1, Math.abs(theirs[i])))) {
                throw new IllegalStateException("the sides differ: number " + i + " is " + ours[i] + " and " + theirs[i]
                        + " of " + Arrays.toString(theirs));
            }
        }
        for (int i = 0; i < percent.length; i++) {
            if (!(Math.abs(ourPercent[i] - percent[i]) <= LARGEST_ACCURACY_DIFFERENCE)) {
                throw new IllegalStateException(
                        "accuracies differ: " + Arrays.toString(ourPercent) + " and " + Arrays.toString(percent));
            }
        }
    }

    /** Runs one task. */
    @Benchmark
    public double[] task() {
        return implementation == Implementation.KEEPLORA ? keeplora() : authors();
    }

    /** Losses of all steps, then the norm of all gradients. */
    private double[] keeplora() {
        Map<Site, Matrix> gradients = new GradientEstimator(model, ComputeContext.alone(linalg), BATCH).mean(data);
        double squares = 0;
        for (double norm : linalg.norms(List.copyOf(gradients.values()))) {
            squares += norm * norm;
        }
        gradients.values().forEach(Matrix::close);
        Objective objective = new Objective(model, Precision.FLOAT32, ProcessGroup.SINGLE);
        StandardLora start = new StandardLora(model, SETTINGS);
        try (PointerScope scope = new PointerScope()) {
            model.attach(start.start(data));
        }
        double[] losses = new TrainingLoop(TRAINING, ProcessGroup.SINGLE, Progress.SILENT)
                .minimize(
                        task, model.trainable(), objective.of(data, start::penalized), steps, TrainingLoop.Watch.NONE);
        model.merge();
        percent = new Evaluator(objective, BATCH, RunMonitor.of(Progress.SILENT), tests).row(Map.of());
        return with(losses, Math.sqrt(squares));
    }

    /** The same numbers from the other implementation; both start from the same random adapters. */
    private double[] authors() {
        AuthorsTask way = new AuthorsTask(plain, TRAINING);
        double squares = way.squaredGradientNorm(data, model.sites());
        double[] losses;
        try (PointerScope scope = new PointerScope()) {
            losses = way.train(data, new StandardLora(model, SETTINGS).start(data), steps);
        }
        percent = fullTests.stream().mapToDouble(way::accuracy).toArray();
        return with(losses, Math.sqrt(squares));
    }

    private static double[] with(double[] losses, double norm) {
        double[] all = Arrays.copyOf(losses, losses.length + 1);
        all[losses.length] = norm;
        return all;
    }

    /** Restores the pre-trained weights before every shot. */
    @TearDown(Level.Invocation)
    public void putBack() {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            pretrained.forEach((site, weight) -> model.weight(site).copy_(weight));
        }
        plain.close();
        plain = plainClip();
    }

    /** Closes everything. */
    @TearDown(Level.Trial)
    public void close() {
        pretrained.values().forEach(Tensor::close);
        data.close();
        tests.forEach(RunData.TestSet::close);
        fullTests.forEach(set -> set.prompts().close());
        tokenizer.close();
        plain.close();
        model.close();
        linalg.close();
    }
}
