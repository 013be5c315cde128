package org.keeplora.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipArchitecture;
import org.keeplora.clip.ClipArchitecture.TowerArchitecture;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.FreshClip;
import org.keeplora.clip.ImageSet;
import org.keeplora.clip.Site;
import org.keeplora.clip.TokenBatch;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.torch.Adapter;
import org.keeplora.torch.Precision;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchDevice;
import org.keeplora.torch.TorchThreads;
import org.keeplora.train.ContinualMethod;
import org.keeplora.train.Objective;
import org.keeplora.train.RunMonitor.Progress;
import org.keeplora.train.TaskData;
import org.keeplora.train.TrainSettings;
import org.keeplora.train.TrainingLoop;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One step of training the adapters' B, with random weights in the shapes of the small CLIP: 64 images, 100 classes,
 * adapters of rank 16 at every site. Both implementations use libtorch on the host, where training runs. They differ in
 * the prompts: one cuts them after the longest, the other encodes all 77 positions. Counted operations: the dense
 * products of the blocks, forward and backward to the inputs, with cut prompts.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx4g", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=16g"})
public class TrainStepBenchmark {
    private static final int WIDTH = 128;
    private static final int PATCHES_A_SIDE = 6;
    /** Tokens of an image: one per patch, and the class token. */
    private static final int IMAGE_TOKENS = PATCHES_A_SIDE * PATCHES_A_SIDE + 1;
    /** The shape of the small CLIP of the experiments, except for the vocabulary. */
    private static final ClipArchitecture SHAPE = new ClipArchitecture(
            8 * PATCHES_A_SIDE,
            8,
            TowerArchitecture.openAi(WIDTH, 6),
            TowerArchitecture.openAi(WIDTH, 3),
            WIDTH,
            77,
            1000,
            OptionalInt.empty());

    private static final int STEPS = 8;
    private static final int BATCH = 64;
    private static final int CLASSES = 100;
    private static final int RANK = 16;
    private static final int PROMPT = 12;
    private static final TrainSettings TRAINING = new TrainSettings(List.of(1), BATCH, 1e-3, 0.01, Precision.FLOAT32);
    /** Limit for losses: a cut prompt gives the same feature except for rounding, which training amplifies. */
    private static final double LARGEST_DIFFERENCE = 1e-3;

    @Param
    public Implementation implementation;

    /** The model's device; CUDA needs libtorch's GPU build (profile libtorch-cuda). */
    @Param("CPU")
    public TorchDevice device;

    /** Threads of libtorch; 0 for all threads of the machine. */
    @Param("0")
    public int threads;

    private final List<int[]> batches =
            Collections.nCopies(STEPS, IntStream.range(0, BATCH).toArray());
    private TaskData task;
    private TaskData fullTask;
    private ClipModel model;

    /** Makes model and data, and compares both implementations. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        TorchThreads.set(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
        makeTasks();
        Path file = Files.createTempFile("fresh-clip", ".safetensors");
        try {
            FreshClip.write(file, SHAPE, 1);
            requireSameLosses(file);
            model = ClipModel.load(file, device);
        } finally {
            Files.delete(file);
        }
        attach(model);
        double products = 4.0 * 12 * WIDTH * WIDTH;
        double tokens = (double) SHAPE.vision().blocks() * IMAGE_TOKENS * BATCH
                + (double) SHAPE.text().blocks() * PROMPT * CLASSES;
        double blocks = SHAPE.vision().blocks() + SHAPE.text().blocks();
        new Work(products * tokens, 2.0 * Float.BYTES * blocks * products / 4).declare();
    }

    private void makeTasks() {
        Random random = new Random(3);
        int side = SHAPE.imageSize();
        float[] values = new float[BATCH * 3 * side * side];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        try (PointerScope scope = new PointerScope()) {
            Tensor pixels = Tensors.ofFloats(values, BATCH, 3, side, side);
            Tensor labels = Tensors.ofInts(random.ints(BATCH, 0, CLASSES).toArray());
            long[] ids = new long[CLASSES * SHAPE.contextLength()];
            int[] ends = new int[CLASSES];
            for (int prompt = 0; prompt < CLASSES; prompt++) {
                ends[prompt] = PROMPT - 1 - prompt % 4;
                for (int i = 0; i <= ends[prompt]; i++) {
                    ids[prompt * SHAPE.contextLength() + i] = 1 + random.nextInt(SHAPE.vocabulary() - 1);
                }
            }
            Tensor all = Tensors.ofLongs(ids).reshape(CLASSES, SHAPE.contextLength());
            TokenBatch full = new TokenBatch(Tensors.keep(all), ends);
            TokenBatch cut =
                    new TokenBatch(Tensors.keep(all.narrow(1, 0, PROMPT).contiguous()), ends);
            ImageSet images = ImageSet.ofPixels(pixels, labels, device);
            task = new TaskData(0, "random", images, new TaskData.Prompts(cut, full), Optional.empty());
        }
        fullTask = AuthorsTask.fullContext(task);
    }

    private void requireSameLosses(Path file) {
        double[] ours = losses(file, task);
        double[] theirs = losses(file, fullTask);
        for (int step = 0; step < STEPS; step++) {
            if (!(Math.abs(ours[step] - theirs[step]) <= LARGEST_DIFFERENCE * theirs[step])) {
                throw new IllegalStateException(
                        "losses of step " + step + " differ: " + ours[step] + " and " + theirs[step]);
            }
        }
        if (!(ours[STEPS - 1] < ours[0])) {
            throw new IllegalStateException("the loss does not fall: " + ours[0] + " to " + ours[STEPS - 1]);
        }
    }

    private double[] losses(Path file, TaskData its) {
        try (ClipModel fresh = ClipModel.load(file, device)) {
            attach(fresh);
            return train(fresh, its);
        }
    }

    private double[] train(ClipModel its, TaskData data) {
        Objective objective = new Objective(its, Precision.FLOAT32, ProcessGroup.SINGLE);
        ContinualMethod method = unused -> Map.of();
        return new TrainingLoop(TRAINING, ProcessGroup.SINGLE, Progress.SILENT)
                .minimize(
                        "steps",
                        its.trainable(),
                        objective.of(data, method::penalized),
                        batches,
                        TrainingLoop.Watch.NONE);
    }

    /** A and B of every site, random, at scale 1. */
    private static void attach(ClipModel its) {
        try (PointerScope scope = new PointerScope()) {
            Map<Site, Adapter> adapters = new LinkedHashMap<>();
            for (Site site : its.sites()) {
                Tensor a = normal(WIDTH, RANK, adapters.size());
                Tensor b = normal(RANK, WIDTH, -1 - adapters.size());
                adapters.put(site, new Adapter(a, b, 1, Adapter.Trained.B));
            }
            its.attach(adapters);
        }
    }

    private static Tensor normal(int rows, int cols, long seed) {
        Random random = new Random(seed);
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / WIDTH);
        }
        return Tensors.ofFloats(values, rows, cols);
    }

    /** Losses of {@link #STEPS} steps. */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public double[] trainStep() {
        return train(model, implementation == Implementation.KEEPLORA ? task : fullTask);
    }

    /** Closes everything. */
    @TearDown(Level.Trial)
    public void close() {
        model.close();
        task.close();
    }
}
