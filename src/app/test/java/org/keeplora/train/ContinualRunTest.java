package org.keeplora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Tokenizer;
import org.keeplora.data.Dataset;
import org.keeplora.data.DatasetCatalog;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.internal.BlasThreads;
import org.keeplora.method.Preset;
import org.keeplora.report.RankTable;
import org.keeplora.report.SpectrumTable;
import org.keeplora.store.NamedArray;
import org.keeplora.testing.MiniMtil;
import org.keeplora.testing.Shared;
import org.keeplora.torch.Precision;
import org.keeplora.torch.TorchShuffle;
import org.keeplora.torch.TorchThreads;
import org.keeplora.train.RunMonitor.Progress;

/** Whole runs over a few images of two tasks: what is repeatable, what a seed changes, what is recorded. */
@Tag("slow")
@Tag("shared")
final class ContinualRunTest {
    private static final int IMAGES = 40;
    private static final int RANK = 4;

    private record Outcome(ContinualRun.Result result, List<float[]> weights) {}

    private static Dataset few(String name) {
        Dataset all = DatasetCatalog.open(name, MiniMtil.root(), TorchShuffle::permutation);
        return new Dataset(
                name,
                all.classNames(),
                all.templates(),
                all.train().subList(0, IMAGES),
                all.test().subList(0, IMAGES));
    }

    private static Outcome run(LearningMethod learning, long seed) {
        return run(learning, seed, MethodSettings.Head.NONE, Precision.FLOAT32);
    }

    private static Outcome run(LearningMethod learning, long seed, MethodSettings.Head head, Precision precision) {
        double rate = learning == LearningMethod.FULL_FINE_TUNING ? 1e-4 : 1e-2;
        List<Dataset> tasks = List.of(few("EuroSAT"), few("MNIST"));
        RunSettings settings = new RunSettings(
                learning,
                new MethodSettings(
                        Preset.PAPER.switches(), RANK, RANK, new MethodSettings.Protection(0.6, 0.2, 0.9), head),
                new TrainSettings(List.of(2, 2), 16, rate, 0.01, precision),
                seed,
                2);
        try (Linalg linalg = Linalg.open(BackendChoice.CPU, 2);
                Tokenizer tokenizer = Tokenizer.open(Shared.file("clip/small/tokenizer.json"));
                ClipModel model = ClipModel.load(Shared.file("golden/clip-tiny.safetensors"))) {
            RunMonitor monitor = RunMonitor.of(Progress.SILENT);
            RunData data = new RunData(model, tokenizer, 2, Optional.empty(), monitor);
            TorchThreads.set(1);
            ContinualRun.Result result = new ContinualRun(
                            model, data, new ComputeContext(linalg, ProcessGroup.SINGLE, monitor), settings)
                    .run(tasks, List.of(few("Caltech101")), ContinualRun.Changes.IGNORED);
            assertEquals(settings.threads(), BlasThreads.count(), "libtorch computes with the run's threads");
            return new Outcome(result, SiteWeights.of(model));
        }
    }

    @ParameterizedTest
    @EnumSource(LearningMethod.class)
    void twoRunsGiveTheSameBits(LearningMethod learning) {
        Outcome one = run(learning, 42);
        Outcome two = run(learning, 42);
        assertArrayEquals(one.weights().toArray(), two.weights().toArray());
        assertArrayEquals(one.result().losses().toArray(), two.result().losses().toArray());
        assertEquals(
                one.result().tables().accuracy().rows(),
                two.result().tables().accuracy().rows());
        assertEquals(
                one.result().tables().ranks().rows(),
                two.result().tables().ranks().rows());
        assertEquals(
                one.result().tables().spectra().rows(),
                two.result().tables().spectra().rows());
    }

    @Test
    void anotherSeedGivesOtherWeights() {
        assertTrue(!Arrays.deepEquals(
                run(LearningMethod.KEEPLORA, 42).weights().toArray(),
                run(LearningMethod.KEEPLORA, 43).weights().toArray()));
    }

    @Test
    void zeroShotTrainsNothing() {
        Outcome zeroShot = run(LearningMethod.ZERO_SHOT, 42);
        try (ClipModel untouched = ClipModel.load(Shared.file("golden/clip-tiny.safetensors"))) {
            assertArrayEquals(
                    SiteWeights.of(untouched).toArray(), zeroShot.weights().toArray());
        }
        assertEquals(List.of(), zeroShot.result().losses());
        assertEquals(List.of(), zeroShot.result().tables().accuracy().rows());
        assertTrue(zeroShot.result().tables().accuracy().zeroShot().isPresent());
    }

    @Test
    void everyTaskLeavesItsRowItsLossesAndItsDirections() {
        ContinualRun.Result result = run(LearningMethod.KEEPLORA, 42).result();
        List<String> after = List.of("EuroSAT", "MNIST");
        assertEquals(
                after,
                result.tables().accuracy().rows().stream()
                        .map(row -> row.after())
                        .toList());
        int steps = 2 * 3;
        result.losses().forEach(losses -> assertEquals(steps, losses.length));
        assertEquals(
                List.of(RankTable.PRE_TRAINING, "EuroSAT", "MNIST"),
                result.tables().ranks().rows().stream().map(row -> row.after()).toList());
        for (String site : result.tables().ranks().widths().keySet()) {
            int[] ranks = result.tables().ranks().rows().stream()
                    .mapToInt(row -> row.ranks().get(site))
                    .toArray();
            assertTrue(ranks[0] <= ranks[1] && ranks[1] <= ranks[2], site + ": directions are only ever added");
        }
        assertNotEquals(
                result.tables().ranks().rows().get(0).ranks(),
                result.tables().ranks().rows().get(1).ranks());
        assertEquals(
                List.of(
                        "decoding",
                        "weight bases",
                        "evaluation",
                        "saving",
                        "gradient",
                        "adapter start",
                        "training",
                        "merge",
                        "features",
                        "basis growth"),
                List.copyOf(result.times().seconds().keySet()));
    }

    private static int rank(ContinualRun.Result result, int row, String site) {
        return result.tables().ranks().rows().get(row).ranks().get(site);
    }

    @Test
    void spectraAreThoseOfTheWeightsAndThenOfEachTask() {
        SpectrumTable spectra =
                run(LearningMethod.KEEPLORA, 42).result().tables().spectra();
        assertEquals(
                List.of(RankTable.PRE_TRAINING, "EuroSAT", "MNIST"),
                spectra.rows().stream().map(SpectrumTable.Row::of).toList());
        assertEquals(2 * 4, spectra.kinds().size());
        for (String kind : spectra.kinds()) {
            SpectrumTable.Spectrum weights = spectra.rows().get(0).spectra().get(kind);
            double energy = kind.startsWith("vision") ? 0.6 : 0.2;
            assertEquals(0, weights.before(), kind);
            assertTrue(weights.after() >= energy && weights.after() < energy + 0.1, kind + ": " + weights);
            for (int task = 1; task <= 2; task++) {
                SpectrumTable.Spectrum features =
                        spectra.rows().get(task).spectra().get(kind);
                assertTrue(features.before() > 0 && features.after() >= 0.9, kind + ": " + features);
            }
        }
        for (LearningMethod other : List.of(LearningMethod.LORA, LearningMethod.O_LORA)) {
            ContinualRun.Result result = run(other, 42).result();
            assertEquals(
                    List.of(), result.tables().spectra().kinds(), other + " protects neither weights nor features");
        }
    }

    @Test
    void featuresAloneProtectNothingBeforeTheFirstTask() {
        ContinualRun.Result result = run(LearningMethod.INFLORA, 42).result();
        for (String site : result.tables().ranks().widths().keySet()) {
            assertEquals(0, rank(result, 0, site), site);
            assertTrue(rank(result, 1, site) > 0, site);
        }
    }

    @Test
    void orthogonalLoraOccupiesTheRankOfEachAdapter() {
        ContinualRun.Result result = run(LearningMethod.O_LORA, 42).result();
        for (String site : result.tables().ranks().widths().keySet()) {
            assertEquals(0, rank(result, 0, site), site);
            assertEquals(RANK, rank(result, 1, site), site);
            assertEquals(2 * RANK, rank(result, 2, site), site);
        }
        double[] second = result.losses().get(1);
        double[] plain = run(LearningMethod.LORA, 42).result().losses().get(1);
        assertTrue(second[0] > plain[0], "the overlap with the first task's A costs something");
    }

    @Test
    void distillationAddsTheTeachersEntropyAndMore() {
        double[] plain = run(LearningMethod.LORA, 42).result().losses().get(0);
        double[] distilled = run(LearningMethod.LWF, 42).result().losses().get(0);
        double classes = 10;
        double largest = 4 * Math.log(classes); // T² times the entropy of ten equal classes
        assertTrue(distilled[0] > plain[0] && distilled[0] <= plain[0] + largest + 1e-3, Arrays.toString(distilled));
    }

    @Test
    void probesHaveARowBeforeAndAfterEveryTask() {
        ContinualRun.Result result = run(LearningMethod.LORA, 42).result();
        assertEquals(List.of("Caltech101"), result.tables().probes().probes());
        assertEquals(
                List.of("zero-shot", "EuroSAT", "MNIST"),
                result.tables().probes().rows().stream().map(row -> row.after()).toList());
    }

    @Test
    void everyLearnedTaskKeepsItsHead() {
        ContinualRun.Result result = run(LearningMethod.KEEPLORA, 42, MethodSettings.Head.COSINE, Precision.FLOAT32)
                .result();
        assertEquals(
                List.of("EuroSAT", "MNIST"),
                result.heads().stream().map(NamedArray::name).toList());
        result.heads().forEach(head -> assertArrayEquals(new long[] {10, 64}, head.shape()));
        ContinualRun.Result without = run(LearningMethod.KEEPLORA, 42).result();
        assertEquals(
                result.tables().accuracy().zeroShot(),
                without.tables().accuracy().zeroShot());
        double withHead = result.tables().accuracy().rows().get(0).percent().get(0);
        double plain = without.tables().accuracy().rows().get(0).percent().get(0);
        assertTrue(withHead > plain, "class means of " + IMAGES + " images help a random CLIP: " + withHead);
    }

    @Test
    void fullFineTuningMovesTheWeightsOfEverySite() {
        Outcome tuned = run(LearningMethod.FULL_FINE_TUNING, 42);
        try (ClipModel untouched = ClipModel.load(Shared.file("golden/clip-tiny.safetensors"))) {
            List<float[]> before = SiteWeights.of(untouched);
            for (int i = 0; i < before.size(); i++) {
                assertTrue(!Arrays.equals(before.get(i), tuned.weights().get(i)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "FLOAT16"})
    void narrowerPrecisionLearnsTheSame(Precision precision) {
        double[] exact = run(LearningMethod.LORA, 42).result().losses().get(0);
        double[] narrow = run(LearningMethod.LORA, 42, MethodSettings.Head.NONE, precision)
                .result()
                .losses()
                .get(0);
        double roundingOfEightBits = 1.0 / 256;
        for (int i = 0; i < exact.length; i++) {
            assertEquals(exact[i], narrow[i], 8 * roundingOfEightBits * exact[i], "step " + i);
        }
        assertTrue(!Arrays.equals(exact, narrow), "products were computed in " + precision);
    }
}
