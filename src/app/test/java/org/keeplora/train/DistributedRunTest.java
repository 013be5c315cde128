package org.keeplora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Tokenizer;
import org.keeplora.data.Dataset;
import org.keeplora.data.DatasetCatalog;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.distributed.ProcessThreads;
import org.keeplora.drawn.DrawnBenchmark;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.method.Preset;
import org.keeplora.report.AccuracyTable;
import org.keeplora.testing.MiniMtil;
import org.keeplora.testing.Shared;
import org.keeplora.torch.Precision;
import org.keeplora.torch.TorchShuffle;
import org.keeplora.train.RunMonitor.Progress;

/** Several processes compute the same as one process, and the same bits as each other. */
@Tag("slow")
@Tag("shared")
final class DistributedRunTest {
    private static final int RANK = 4;
    private static final int BATCH = 8;
    private static final int MICRO_BATCHES = 4;
    private static final DrawnBenchmark DRAWINGS = new DrawnBenchmark(1);
    /** The second task has enough classes for the processes to divide its prompts. */
    private static final List<Dataset> TASKS = List.of(DRAWINGS.domain("digits", 3, 2), manyClasses());
    /**
     * Rounding of sums in another order, relative to losses above 1: float32 rounding, amplified by AdamW over a dozen
     * steps.
     */
    private static final double ROUNDING = 1e-3;

    /** The outcome on one process. */
    private record Outcome(ContinualRun.Result result, List<float[]> weights) {}

    private static Dataset manyClasses() {
        Dataset all = DatasetCatalog.open("Caltech101", MiniMtil.root(), TorchShuffle::permutation);
        return new Dataset(
                all.name(),
                all.classNames(),
                all.templates(),
                all.train().subList(0, 20),
                all.test().subList(0, 20));
    }

    private static Outcome run(LearningMethod learning, MethodSettings.Head head, Preset preset, ProcessGroup group) {
        double rate = learning == LearningMethod.FULL_FINE_TUNING ? 1e-4 : 1e-2;
        RunSettings settings = new RunSettings(
                learning,
                new MethodSettings(preset.switches(), RANK, RANK, new MethodSettings.Protection(0.6, 0.2, 0.9), head),
                new TrainSettings(List.of(2, 2), BATCH, rate, 0.01, Precision.FLOAT32),
                42,
                1);
        try (Linalg linalg = Linalg.open(BackendChoice.CPU, 1);
                Tokenizer tokenizer = Tokenizer.open(Shared.file("clip/small/tokenizer.json"));
                ClipModel model = ClipModel.load(Shared.file("golden/clip-tiny.safetensors"))) {
            RunMonitor monitor = RunMonitor.of(Progress.SILENT);
            RunData data = new RunData(model, tokenizer, 1, Optional.empty(), monitor);
            ContinualRun.Result result = new ContinualRun(
                            model, data, new ComputeContext(linalg, group, monitor), settings)
                    .run(TASKS, List.of(DRAWINGS.generalProbe(1)), ContinualRun.Changes.IGNORED);
            return new Outcome(result, SiteWeights.of(model));
        }
    }

    private static void assertSameBits(List<Outcome> group) {
        for (Outcome other : group) {
            assertArrayEquals(group.get(0).weights().toArray(), other.weights().toArray());
            assertArrayEquals(
                    group.get(0).result().losses().toArray(),
                    other.result().losses().toArray());
            assertEquals(
                    group.get(0).result().tables().accuracy().rows(),
                    other.result().tables().accuracy().rows());
            assertEquals(
                    group.get(0).result().tables().ranks().rows(),
                    other.result().tables().ranks().rows());
        }
    }

    private static void assertAgree(Outcome one, Outcome other) {
        for (int task = 0; task < one.result().losses().size(); task++) {
            double[] expected = one.result().losses().get(task);
            double[] actual = other.result().losses().get(task);
            for (int step = 0; step < expected.length; step++) {
                double bound = ROUNDING * Math.max(1, expected[step]);
                assertEquals(expected[step], actual[step], bound, "task " + task + ", step " + step);
            }
        }
        List<AccuracyTable.Row> rows = one.result().tables().accuracy().rows();
        for (int i = 0; i < rows.size(); i++) {
            List<Double> expected = rows.get(i).percent();
            List<Double> actual =
                    other.result().tables().accuracy().rows().get(i).percent();
            for (int j = 0; j < expected.size(); j++) {
                double twoImages = 200.0 / TASKS.get(j).test().size();
                assertEquals(
                        expected.get(j),
                        actual.get(j),
                        twoImages * (1 + ROUNDING),
                        rows.get(i).after());
            }
        }
        for (int i = 0; i < one.weights().size(); i++) {
            assertArrayEquals(one.weights().get(i), other.weights().get(i), (float) ROUNDING, "weight " + i);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ZERO_SHOT", "LWF", "O_LORA", "FULL_FINE_TUNING", "KEEPLORA"})
    void threeProcessesComputeTheSameAsOne(LearningMethod learning) throws Exception {
        Outcome alone = run(learning, MethodSettings.Head.NONE, Preset.PAPER, ProcessGroup.SINGLE);
        List<Outcome> three =
                ProcessThreads.run(3, group -> run(learning, MethodSettings.Head.NONE, Preset.PAPER, group));
        assertSameBits(three);
        assertAgree(alone, three.get(0));
    }

    /** Slot means drop short batches completely; a head starts from class means. */
    @ParameterizedTest
    @CsvSource({"OFFICIAL_V1, NONE, 2", "OFFICIAL_V2, COSINE, 2", "PAPER, COSINE, 4"})
    void presetsAndHeadsToo(Preset preset, MethodSettings.Head head, int size) throws Exception {
        Outcome alone = run(LearningMethod.KEEPLORA, head, preset, ProcessGroup.SINGLE);
        List<Outcome> ranked = ProcessThreads.run(size, group -> run(LearningMethod.KEEPLORA, head, preset, group));
        assertSameBits(ranked);
        assertAgree(alone, ranked.get(0));
    }

    /**
     * On one process they also change no more than rounding; the second task has more classes than parts, the first
     * fewer
     */
    @ParameterizedTest
    @CsvSource({
        "LWF, PAPER, NONE, 2",
        "O_LORA, PAPER, NONE, 4",
        "FULL_FINE_TUNING, PAPER, NONE, 2",
        "KEEPLORA, PAPER, NONE, 4",
        "KEEPLORA, OFFICIAL_V1, COSINE, 4",
        "KEEPLORA, OFFICIAL_V2, NONE, 2"
    })
    void microBatchesHaveTheSameBitsOnAnyNumberOfProcesses(
            LearningMethod learning, Preset preset, MethodSettings.Head head, int size) throws Exception {
        Outcome alone = run(learning, head, preset, ProcessGroup.SINGLE.inMicroBatches(MICRO_BATCHES));
        List<Outcome> all = new ArrayList<>(
                ProcessThreads.run(size, group -> run(learning, head, preset, group.inMicroBatches(MICRO_BATCHES))));
        all.add(alone);
        assertSameBits(all);
        assertAgree(run(learning, head, preset, ProcessGroup.SINGLE), alone);
    }
}
