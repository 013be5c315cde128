package org.keeplora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keeplora.MiniMtil;
import org.keeplora.Shared;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.clip.Tensors;
import org.keeplora.clip.Tokenizer;
import org.keeplora.clip.TorchShuffle;
import org.keeplora.data.Dataset;
import org.keeplora.data.DatasetCatalog;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.method.Preset;
import org.keeplora.report.RankTable;

/** Whole runs over a few images of two tasks: what repeats, what a seed changes, what is recorded. */
final class ContinualRunTest {
    private static final int IMAGES = 40;
    private static final int RANK = 4;

    private record Outcome(RunResult result, List<float[]> weights) {}

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
        List<Dataset> tasks = List.of(few("EuroSAT"), few("MNIST"));
        RunSettings settings = new RunSettings(
                learning,
                new MethodSettings(Preset.PAPER.switches(), RANK, RANK, 0.6, 0.2, 0.9),
                new TrainSettings(List.of(2, 2), 16, 1e-2, 0.01),
                seed,
                2);
        try (Linalg linalg = Linalg.open(BackendChoice.CPU, 2);
                Tokenizer tokenizer = Tokenizer.open(Shared.file("clip/small/tokenizer.json"));
                ClipModel model = ClipModel.load(Shared.file("golden/clip-tiny.safetensors"))) {
            RunResult result = new ContinualRun(model, tokenizer, linalg, settings, RunProgress.SILENT).run(tasks);
            return new Outcome(result, weights(model));
        }
    }

    private static List<float[]> weights(ClipModel model) {
        List<float[]> weights = new ArrayList<>();
        try (PointerScope scope = new PointerScope()) {
            for (Site site : model.sites()) {
                weights.add(Tensors.floats(model.weight(site).contiguous()));
            }
        }
        return weights;
    }

    @ParameterizedTest
    @EnumSource(LearningMethod.class)
    void twoRunsGiveTheSameBits(LearningMethod learning) {
        Outcome one = run(learning, 42);
        Outcome two = run(learning, 42);
        assertArrayEquals(one.weights().toArray(), two.weights().toArray());
        assertArrayEquals(one.result().losses().toArray(), two.result().losses().toArray());
        assertEquals(one.result().accuracy().rows(), two.result().accuracy().rows());
        assertEquals(one.result().ranks().rows(), two.result().ranks().rows());
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
            assertArrayEquals(weights(untouched).toArray(), zeroShot.weights().toArray());
        }
        assertEquals(List.of(), zeroShot.result().losses());
        assertEquals(List.of(), zeroShot.result().accuracy().rows());
        assertTrue(zeroShot.result().accuracy().zeroShot().isPresent());
    }

    @Test
    void everyTaskLeavesItsRowItsLossesAndItsDirections() {
        RunResult result = run(LearningMethod.KEEPLORA, 42).result();
        List<String> after = List.of("EuroSAT", "MNIST");
        assertEquals(
                after, result.accuracy().rows().stream().map(row -> row.after()).toList());
        int steps = 2 * 3;
        result.losses().forEach(losses -> assertEquals(steps, losses.length));
        assertEquals(
                List.of(RankTable.PRE_TRAINING, "EuroSAT", "MNIST"),
                result.ranks().rows().stream().map(row -> row.after()).toList());
        for (String site : result.ranks().widths().keySet()) {
            int[] ranks = result.ranks().rows().stream()
                    .mapToInt(row -> row.ranks().get(site))
                    .toArray();
            assertTrue(ranks[0] <= ranks[1] && ranks[1] <= ranks[2], site + ": directions are only ever added");
        }
        assertNotEquals(
                result.ranks().rows().get(0).ranks(),
                result.ranks().rows().get(1).ranks());
        assertEquals(
                List.of(
                        "decoding",
                        "evaluation",
                        "weight bases",
                        "gradient",
                        "adapter start",
                        "training",
                        "merge",
                        "features",
                        "basis growth"),
                List.copyOf(result.times().seconds().keySet()));
    }
}
