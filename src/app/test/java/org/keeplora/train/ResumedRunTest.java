package org.keeplora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Tokenizer;
import org.keeplora.data.Dataset;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.drawn.DrawnBenchmark;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.method.Preset;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;
import org.keeplora.testing.Shared;
import org.keeplora.torch.Precision;
import org.keeplora.torch.Tensors;
import org.keeplora.train.RunMonitor.Progress;

/**
 * A run that is stopped and resumed repeatedly, each time with a newly loaded model, ends like an uninterrupted one.
 */
@Tag("slow")
@Tag("shared")
final class ResumedRunTest {
    private static final int RANK = 4;
    private static final int STEPS = 8;

    @TempDir
    Path folder;

    /** All results of a run. */
    private record Outcome(ContinualRun.Result result, List<float[]> weights, Map<String, float[]> changes) {}

    /**
     * Keeps the last state in a file, and stops a run after a number of steps and tasks, or a number of saves between
     * tasks.
     */
    private final class Stopping implements Checkpoints {
        private final Path file;
        private int steps;
        private int saves;

        Stopping(Path file, int steps, int saves) {
            this.file = file;
            this.steps = steps;
            this.saves = saves;
        }

        @Override
        public Optional<Saved> latest() {
            return Files.exists(file) ? Optional.of(new Saved(Safetensors.open(file), Map.of())) : Optional.empty();
        }

        @Override
        public void save(List<NamedArray> arrays, Map<String, String> facts) {
            saves--;
            Safetensors.write(file, arrays, facts);
        }

        @Override
        public Request request() {
            steps--;
            return steps <= 0 || saves <= 0 ? Request.STOP : Request.CONTINUE;
        }
    }

    private static Outcome run(
            LearningMethod learning,
            MethodSettings.Head head,
            Precision precision,
            Checkpoints checkpoints,
            Map<String, float[]> changes) {
        double rate = learning == LearningMethod.FULL_FINE_TUNING ? 1e-4 : 1e-2;
        DrawnBenchmark drawings = new DrawnBenchmark(1);
        List<Dataset> tasks = List.of(drawings.domain("digits", 3, 2), drawings.domain("land", 3, 2));
        RunSettings settings = new RunSettings(
                learning,
                new MethodSettings(
                        Preset.PAPER.switches(), RANK, RANK, new MethodSettings.Protection(0.6, 0.2, 0.9), head),
                new TrainSettings(List.of(2, 2), 8, rate, 0.01, precision),
                42,
                2);
        try (Linalg linalg = Linalg.open(BackendChoice.CPU, 2);
                Tokenizer tokenizer = Tokenizer.open(Shared.file("clip/small/tokenizer.json"));
                ClipModel model = ClipModel.load(Shared.file("golden/clip-tiny.safetensors"))) {
            RunMonitor monitor = RunMonitor.of(Progress.SILENT);
            RunData data = new RunData(model, tokenizer, 2, Optional.empty(), monitor);
            ContinualRun.Result result = new ContinualRun(
                            model, data, new ComputeContext(linalg, ProcessGroup.SINGLE, monitor), settings)
                    .run(
                            tasks,
                            List.of(drawings.generalProbe(1)),
                            (number, task, bySite) -> bySite.forEach((site, change) -> changes.put(
                                    task + site, Tensors.floats(change.a().matmul(change.b())))),
                            checkpoints);
            return new Outcome(result, SiteWeights.of(model), changes);
        }
    }

    /** Runs and resumes until the end; the first element of {@code stops} counts the stops. */
    private Outcome inPieces(
            LearningMethod learning, MethodSettings.Head head, Precision precision, int steps, int saves) {
        Path file = folder.resolve("state.safetensors");
        Map<String, float[]> changes = new TreeMap<>();
        for (int stops = 0; ; stops++) {
            try {
                Outcome outcome = run(learning, head, precision, new Stopping(file, steps, saves), changes);
                assertTrue(stops > 1, "stopped only " + stops + " times");
                return outcome;
            } catch (Checkpoints.Stopped e) {
                assertTrue(stops < 2 * STEPS * 2 + 3, "it gets nowhere: " + e.getMessage());
            }
        }
    }

    private static void assertSame(Outcome whole, Outcome pieces) {
        assertArrayEquals(whole.weights().toArray(), pieces.weights().toArray());
        assertArrayEquals(
                whole.result().losses().toArray(), pieces.result().losses().toArray());
        assertEquals(
                whole.result().tables().accuracy().zeroShot(),
                pieces.result().tables().accuracy().zeroShot());
        assertEquals(
                whole.result().tables().accuracy().rows(),
                pieces.result().tables().accuracy().rows());
        assertEquals(
                whole.result().tables().probes().rows(),
                pieces.result().tables().probes().rows());
        assertEquals(
                whole.result().tables().ranks().rows(),
                pieces.result().tables().ranks().rows());
        assertEquals(
                whole.result().tables().spectra().rows(),
                pieces.result().tables().spectra().rows());
        assertEquals(whole.changes().keySet(), pieces.changes().keySet());
        whole.changes()
                .forEach((site, change) ->
                        assertArrayEquals(change, pieces.changes().get(site), site));
        assertEquals(whole.result().heads().size(), pieces.result().heads().size());
        for (int i = 0; i < whole.result().heads().size(); i++) {
            assertArrayEquals(
                    whole.result().heads().get(i).toFloats(),
                    pieces.result().heads().get(i).toFloats());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ZERO_SHOT")
    void stoppedAfterEveryThirdStep(LearningMethod learning) {
        assertSame(
                run(learning, MethodSettings.Head.NONE, Precision.FLOAT32, Checkpoints.NONE, new TreeMap<>()),
                inPieces(learning, MethodSettings.Head.NONE, Precision.FLOAT32, 3, Integer.MAX_VALUE));
    }

    @Test
    void stoppedAfterEveryTask() {
        assertSame(
                run(
                        LearningMethod.KEEPLORA,
                        MethodSettings.Head.NONE,
                        Precision.FLOAT32,
                        Checkpoints.NONE,
                        new TreeMap<>()),
                inPieces(LearningMethod.KEEPLORA, MethodSettings.Head.NONE, Precision.FLOAT32, Integer.MAX_VALUE, 1));
    }

    /** Heads are trained with the task, and float16 has a loss scale that must continue. */
    @Test
    void stoppedWithHeadsInHalfPrecision() {
        assertSame(
                run(
                        LearningMethod.KEEPLORA,
                        MethodSettings.Head.COSINE,
                        Precision.FLOAT16,
                        Checkpoints.NONE,
                        new TreeMap<>()),
                inPieces(LearningMethod.KEEPLORA, MethodSettings.Head.COSINE, Precision.FLOAT16, 3, Integer.MAX_VALUE));
    }
}
