package org.keeplora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Tokenizer;
import org.keeplora.data.Dataset;
import org.keeplora.data.DatasetCatalog;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.distributed.ProcessThreads;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Projector;
import org.keeplora.method.Preset;
import org.keeplora.method.internal.PrincipalSubspace;
import org.keeplora.method.internal.Subspaces;
import org.keeplora.report.AccuracyTable;
import org.keeplora.store.NamedArray;
import org.keeplora.testing.MiniMtil;
import org.keeplora.testing.Shared;
import org.keeplora.torch.Precision;
import org.keeplora.torch.TorchShuffle;
import org.keeplora.train.RunMonitor.Progress;

/**
 * EuroSAT, then MNIST, with the small CLIP on 1, 2 and 4 processes. Without learning all results must agree. With
 * learning, AdamW makes full steps even from gradients that are only rounding, and batches of other sizes are rounded
 * differently. So processes are compared with one process that takes every batch in as many parts. The allowed
 * difference of losses and bases is measured with one process that reads every batch in reverse. With micro-batches on
 * both sides nothing may differ.
 *
 * <p>Uses few images; for whole data sets set {@code -Dkeeplora.rankedImages=100000 -Dkeeplora.rankedSizes=2,4}.
 */
@Tag("slow")
@Tag("shared")
final class DistributedMtilTest {
    private static final int IMAGES = Integer.getInteger("keeplora.rankedImages", 160);
    private static final List<Integer> SIZES = Arrays.stream(
                    System.getProperty("keeplora.rankedSizes", "2").split(","))
            .map(Integer::valueOf)
            .toList();
    private static final int MICRO_BATCHES = 4;
    private static final double RATE = 1e-3;
    private static final double LOSS = 1e-3;
    private static final double ANGLE_SINE = 1e-4;
    private static final double TWO_IMAGES = 2.001;
    /** Factor by which the difference between two orders of the same sums may vary. */
    private static final double ORDER = 10;

    /** The results of a run, and the arrays of its last state by name. */
    private record Outcome(ContinualRun.Result result, Map<String, NamedArray> state) {}

    /** Keeps the last state. */
    private static final class Last implements Checkpoints {
        private final Map<String, NamedArray> arrays = new TreeMap<>();

        @Override
        public void save(List<NamedArray> saved, Map<String, String> facts) {
            saved.forEach(array -> arrays.put(array.name(), array));
        }

        @Override
        public Request request() {
            return Request.CONTINUE;
        }
    }

    /** One process whose batches contain the same images in reverse order. */
    private static ProcessGroup reversed() {
        InvocationHandler handler =
                (proxy, method, arguments) -> method.getName().equals("localItems")
                        ? reversed((int[]) arguments[0])
                        : method.invoke(ProcessGroup.SINGLE, arguments);
        return (ProcessGroup) Proxy.newProxyInstance(
                ProcessGroup.class.getClassLoader(), new Class<?>[] {ProcessGroup.class}, handler);
    }

    private static int[] reversed(int[] batch) {
        return IntStream.range(0, batch.length)
                .map(i -> batch[batch.length - 1 - i])
                .toArray();
    }

    private static Dataset few(String name) {
        Dataset all = DatasetCatalog.open(name, MiniMtil.root(), TorchShuffle::permutation);
        return new Dataset(
                name,
                all.classNames(),
                all.templates(),
                all.train().subList(0, Math.min(IMAGES, all.train().size())),
                all.test().subList(0, Math.min(IMAGES, all.test().size())));
    }

    private static Outcome run(List<Dataset> tasks, double rate, ProcessGroup group) {
        RunSettings settings = new RunSettings(
                LearningMethod.KEEPLORA,
                new MethodSettings(
                        Preset.PAPER.switches(),
                        16,
                        16,
                        new MethodSettings.Protection(0.6, 0.2, 0.99),
                        MethodSettings.Head.NONE),
                new TrainSettings(List.of(1, 1), 64, rate, 0.01, Precision.FLOAT32),
                42,
                1);
        Last last = new Last();
        try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, 1);
                Tokenizer tokenizer = Tokenizer.open(Shared.file("clip/small/tokenizer.json"));
                ClipModel model = ClipModel.load(Shared.file("clip/small/model.safetensors"))) {
            RunMonitor monitor = RunMonitor.of(Progress.SILENT);
            RunData data = new RunData(model, tokenizer, 1, Optional.empty(), monitor);
            ContinualRun.Result result = new ContinualRun(
                            model, data, new ComputeContext(linalg, group, monitor), settings)
                    .run(tasks, List.of(), ContinualRun.Changes.IGNORED, last);
            return new Outcome(result, last.arrays);
        }
    }

    /** The same weights give the same losses, accuracies and bases. */
    @Test
    void withoutLearningAllAgrees() throws Exception {
        List<Dataset> tasks = List.of(few("EuroSAT"), few("MNIST"));
        Outcome alone = run(tasks, 0, ProcessGroup.SINGLE);
        for (int size : SIZES) {
            Difference difference = Difference.of(tasks, alone, ranked(tasks, 0, size));
            System.out.println("without learning, " + size + " processes: " + difference);
            assertEquals(0, difference.firstLoss(), LOSS);
            assertEquals(0, difference.secondLoss(), LOSS);
            assertEquals(0, difference.images(), TWO_IMAGES);
            assertEquals(0, difference.angleSine(), ANGLE_SINE);
        }
    }

    @Test
    void processesLearnTheSameAsOneProcess() throws Exception {
        List<Dataset> tasks = List.of(few("EuroSAT"), few("MNIST"));
        Outcome alone = run(tasks, RATE, ProcessGroup.SINGLE);
        Difference order = Difference.of(tasks, alone, run(tasks, RATE, reversed()));
        System.out.println("batches in reverse: " + order);
        for (int size : SIZES) {
            Outcome inParts = run(tasks, RATE, ProcessGroup.SINGLE.inMicroBatches(size));
            Difference difference = Difference.of(tasks, inParts, ranked(tasks, RATE, size));
            System.out.println(size + " processes: " + difference);
            assertEquals(0, difference.firstLoss(), LOSS);
            assertEquals(0, difference.secondLoss(), Math.max(LOSS, ORDER * order.secondLoss()));
            assertEquals(0, difference.images(), TWO_IMAGES);
            assertEquals(0, difference.angleSine(), ORDER * order.angleSine());
        }
    }

    /** Every number of processes gives the same losses, table and bases as one process. */
    @Test
    void microBatchesLearnTheSameBits() throws Exception {
        List<Dataset> tasks = List.of(few("EuroSAT"), few("MNIST"));
        Outcome alone = run(tasks, RATE, ProcessGroup.SINGLE.inMicroBatches(MICRO_BATCHES));
        Difference whole = Difference.of(tasks, run(tasks, RATE, ProcessGroup.SINGLE), alone);
        System.out.println("batches at once and in " + MICRO_BATCHES + " micro-batches: " + whole);
        for (int size : SIZES) {
            Outcome ranked = ranked(tasks, RATE, size, group -> group.inMicroBatches(MICRO_BATCHES));
            System.out.println(
                    MICRO_BATCHES + " micro-batches on " + size + " processes: " + Difference.of(tasks, alone, ranked));
            assertArrayEquals(
                    alone.result().losses().toArray(), ranked.result().losses().toArray());
            assertEquals(
                    alone.result().tables().accuracy().rows(),
                    ranked.result().tables().accuracy().rows());
            assertEquals(
                    alone.result().tables().ranks().rows(),
                    ranked.result().tables().ranks().rows());
            alone.state().forEach((name, array) -> {
                if (name.startsWith("protected/") || name.startsWith("free/")) {
                    assertArrayEquals(array.toFloats(), ranked.state().get(name).toFloats(), name);
                }
            });
        }
    }

    private static Outcome ranked(List<Dataset> tasks, double rate, int size) throws Exception {
        return ranked(tasks, rate, size, UnaryOperator.identity());
    }

    /** The outcome of the first process; the others have the same bits. */
    private static Outcome ranked(List<Dataset> tasks, double rate, int size, UnaryOperator<ProcessGroup> way)
            throws Exception {
        List<Outcome> ranked = ProcessThreads.run(size, group -> run(tasks, rate, way.apply(group)));
        ranked.forEach(other -> assertArrayEquals(
                ranked.get(0).result().losses().toArray(),
                other.result().losses().toArray()));
        return ranked.get(0);
    }

    /**
     * The differences between two runs.
     *
     * @param firstLoss largest difference at any step of the first task
     * @param secondLoss largest difference at any step of the second task
     * @param images net number of images that only one run classifies correctly, at any time
     * @param angleSine sine of the largest principal angle between any two final bases
     */
    private record Difference(double firstLoss, double secondLoss, double images, double angleSine) {
        static Difference of(List<Dataset> tasks, Outcome one, Outcome other) {
            return new Difference(
                    DistributedMtilTest.lossDifference(one, other, 0),
                    DistributedMtilTest.lossDifference(one, other, 1),
                    imageDifference(tasks, one, other),
                    DistributedMtilTest.angleSine(one, other));
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "losses %.1e and %.1e, accuracies %.1f images, bases sine %.1e",
                    firstLoss,
                    secondLoss,
                    images,
                    angleSine);
        }
    }

    private static double lossDifference(Outcome one, Outcome other, int task) {
        double[] expected = one.result().losses().get(task);
        double[] actual = other.result().losses().get(task);
        return IntStream.range(0, expected.length)
                .mapToDouble(step -> Math.abs(expected[step] - actual[step]))
                .max()
                .orElseThrow();
    }

    private static double imageDifference(List<Dataset> tasks, Outcome one, Outcome other) {
        double most = 0;
        List<AccuracyTable.Row> rows = one.result().tables().accuracy().rows();
        for (int i = 0; i < rows.size(); i++) {
            AccuracyTable.Row actual = other.result().tables().accuracy().rows().get(i);
            for (int task = 0; task < tasks.size(); task++) {
                double points = Math.abs(
                        rows.get(i).percent().get(task) - actual.percent().get(task));
                most = Math.max(most, points / 100 * tasks.get(task).test().size());
            }
        }
        return most;
    }

    /** The sine of the largest principal angle between the final bases of any site, using the smaller of both ranks. */
    private static double angleSine(Outcome one, Outcome other) {
        double most = 0;
        try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, 1)) {
            for (String site : one.result().tables().ranks().widths().keySet()) {
                try (Matrix mine = basis(linalg, one, site);
                        Matrix theirs = basis(linalg, other, site)) {
                    boolean fewer = mine.cols() <= theirs.cols();
                    most = Math.max(
                            most, Subspaces.largestAngleSine(linalg, fewer ? mine : theirs, fewer ? theirs : mine));
                }
            }
        }
        return most;
    }

    private static Matrix basis(BatchLinalg linalg, Outcome outcome, String site) {
        NamedArray m = outcome.state().get("protected/" + site);
        NamedArray stored = m == null ? outcome.state().get("free/" + site) : m;
        try (Matrix basis = Matrix.copyOf((int) stored.shape()[0], (int) stored.shape()[1], stored.toFloats());
                PrincipalSubspace subspace =
                        PrincipalSubspace.of(linalg, m == null ? Projector.onto(basis) : Projector.outOf(basis));
                Matrix protectedBasis = subspace.basis(linalg)) {
            return linalg.convert(protectedBasis, ElementType.F64);
        }
    }
}
