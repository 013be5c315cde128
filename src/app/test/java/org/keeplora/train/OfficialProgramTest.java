package org.keeplora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.ImageSet;
import org.keeplora.clip.Site;
import org.keeplora.clip.Tower;
import org.keeplora.data.Batches;
import org.keeplora.distributed.LocalBatch;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.method.Preset;
import org.keeplora.testing.Shared;
import org.keeplora.torch.Adapter;
import org.keeplora.torch.Precision;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchMatrix;
import org.keeplora.train.RunMonitor.Progress;

/**
 * Preset official-v1, step by step and over two tasks, against the authors' MTIL program. The bounds are the project's
 * bounds for parity.
 */
@Tag("shared")
final class OfficialProgramTest {
    private static final double RELATIVE = 1e-3;
    private static final double LOSS = 2e-3;
    private static final double LOGITS = 2e-4;
    /** One of sixty test images, in percent: when two logits nearly tie, rounding may change one prediction. */
    private static final double ONE_IMAGE = 100.0 / 60;

    private static final int RANK = 4;
    private static final MethodSettings METHOD = new MethodSettings(
            Preset.OFFICIAL_V1.switches(),
            RANK,
            1,
            new MethodSettings.Protection(0.85, 0.2, 0.99),
            MethodSettings.Head.NONE);
    private static final TrainSettings TRAINING = new TrainSettings(
            List.of(OfficialProgram.EPOCHS, OfficialProgram.EPOCHS),
            OfficialProgram.BATCH,
            1e-3,
            0.01,
            Precision.FLOAT32);
    private static final RunSettings SETTINGS = new RunSettings(LearningMethod.KEEPLORA, METHOD, TRAINING, 42, 2);

    private final List<AutoCloseable> open = new ArrayList<>();
    private OfficialProgram official;
    private ClipModel model;
    private BatchLinalg linalg;
    private KeepLora method;

    @BeforeEach
    void start() {
        official = new OfficialProgram();
        linalg = keep(BatchLinalg.open(BackendChoice.CPU, 2));
        model = keep(ClipModel.load(Shared.file("golden/clip-tiny.safetensors")));
        method = keep(new KeepLora(model, ComputeContext.alone(linalg), SETTINGS));
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.add(resource);
        return resource;
    }

    /** ‖one − other‖ / ‖one‖. */
    private static double relative(double[] one, double[] other) {
        assertEquals(one.length, other.length);
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < one.length; i++) {
            difference += (one[i] - other[i]) * (one[i] - other[i]);
            norm += one[i] * one[i];
        }
        return Math.sqrt(difference / norm);
    }

    private void assertSameSpan(Matrix expected, Matrix actual, String what) {
        assertEquals(expected.cols(), actual.cols(), what);
        double distance = projectorDistance(expected, actual);
        assertTrue(distance <= RELATIVE, what + ": projectors differ by " + distance);
    }

    private double projectorDistance(Matrix one, Matrix other) {
        double sum = 0;
        double[] p = projector(one);
        double[] q = projector(other);
        for (int i = 0; i < p.length; i++) {
            sum += (p[i] - q[i]) * (p[i] - q[i]);
        }
        return Math.sqrt(sum);
    }

    private double[] projector(Matrix basis) {
        try (Matrix wide = linalg.convert(basis, ElementType.F64);
                Matrix projector = Matrix.zeros(basis.rows(), basis.rows(), ElementType.F64)) {
            linalg.multiply(List.of(Product.of(projector, Operand.of(wide), Operand.transposed(wide))));
            return projector.toDoubles();
        }
    }

    private double[] product(Matrix a, Matrix b) {
        try (Matrix product = Matrix.zeros(a.rows(), b.cols(), ElementType.F32)) {
            linalg.multiply(List.of(Product.of(product, Operand.of(a), Operand.of(b))));
            return product.toDoubles();
        }
    }

    @Test
    void zeroShotLogitsAgree() {
        try (TaskData task = official.task(0);
                PointerScope scope = new PointerScope();
                ImageSet test = official.images(0, "test")) {
            int[] first = {0, 1, 2, 3, 4, 5, 6, 7};
            float[] logits = Tensors.floats(model.logits(
                    model.encodeImage(test.pixels(first)),
                    model.encodeText(task.prompts().cut())));
            assertArrayEquals(official.array("zero_shot.logits.task0.first8").toFloats(), logits, (float) LOGITS);
        }
    }

    @Test
    void weightBasesAgree() {
        for (Site site : model.sites()) {
            try (Matrix expected = official.matrix("weight_basis." + OfficialProgram.key(site));
                    Matrix actual = method.protectedBasis(site)) {
                assertSameSpan(expected, actual, "weight basis of " + site);
            }
        }
    }

    @Test
    void twoTasksAgree() {
        for (int number = 0; number < 2; number++) {
            try (TaskData task = official.task(number)) {
                assertGradientsAgree(task);
                assertStartsAgree(task);
                train(task);
                assertFeaturesAgree(task);
                method.merged(task);
                assertBasesAgree(task);
                assertAccuracyAgrees(task);
            }
        }
    }

    private void assertGradientsAgree(TaskData task) {
        Map<Site, Matrix> gradients =
                new GradientEstimator(model, ComputeContext.alone(linalg), OfficialProgram.BATCH).mean(task);
        for (Site site : model.sites()) {
            try (Matrix gradient = gradients.get(site);
                    Matrix stored = linalg.transpose(gradient)) {
                float[] expected = official.gradient(task.number(), site);
                double[] wide = new double[expected.length];
                for (int j = 0; j < wide.length; j++) {
                    wide[j] = expected[j];
                }
                double difference = relative(wide, stored.toDoubles());
                assertTrue(difference <= RELATIVE, task.name() + " gradient of " + site + " differs by " + difference);
            }
        }
    }

    private void assertStartsAgree(TaskData task) {
        try (PointerScope scope = new PointerScope()) {
            method.start(task).forEach((site, adapter) -> {
                String key = OfficialProgram.key(site);
                try (Matrix a = official.matrix(task.name() + ".init.A." + key);
                        Matrix b = official.matrix(task.name() + ".init.B." + key);
                        Matrix ourA = TorchMatrix.view(adapter.a());
                        Matrix ourB = TorchMatrix.view(adapter.b())) {
                    double difference = relative(product(a, b), product(ourA, ourB));
                    assertTrue(difference <= RELATIVE, task.name() + " start of " + site + " differs by " + difference);
                }
            });
        }
    }

    /** Trains from the stored start, in the stored order of batches, and merges. */
    private void train(TaskData task) {
        try (PointerScope scope = new PointerScope()) {
            Map<Site, Adapter> adapters = new LinkedHashMap<>();
            for (Site site : model.sites()) {
                String key = OfficialProgram.key(site);
                try (Matrix a = official.matrix(task.name() + ".init.A." + key);
                        Matrix b = official.matrix(task.name() + ".init.B." + key)) {
                    adapters.put(
                            site,
                            new Adapter(
                                    TorchMatrix.view(a).clone(),
                                    TorchMatrix.view(b).clone(),
                                    METHOD.alpha() / RANK,
                                    Adapter.Trained.B));
                }
            }
            model.attach(adapters);
            List<int[]> steps = new ArrayList<>();
            for (int epoch = 0; epoch < OfficialProgram.EPOCHS; epoch++) {
                steps.addAll(Batches.inOrder(task.images().size(), OfficialProgram.BATCH));
            }
            Objective objective = new Objective(model, Precision.FLOAT32, ProcessGroup.SINGLE);
            double[] losses = new TrainingLoop(TRAINING, ProcessGroup.SINGLE, Progress.SILENT)
                    .minimize(
                            task.name(),
                            model.trainable(),
                            objective.of(task, method::penalized),
                            steps,
                            TrainingLoop.Watch.NONE);
            assertArrayEquals(official.doubles(task.name() + ".losses"), losses, LOSS);
            model.merge();
        }
    }

    private void assertFeaturesAgree(TaskData task) {
        FeatureCollector features = new FeatureCollector(model, ComputeContext.alone(linalg), METHOD.switches());
        try (NoGradGuard guard = new NoGradGuard();
                InputStatistics images = features.ofImages(task);
                InputStatistics prompts = features.ofPrompts(task)) {
            features.batches(task.images().size(), OfficialProgram.BATCH).forEach(batch -> images.add(whole(batch)));
            prompts.add(whole(task.prompts().full().indices()));
            for (Site site : model.sites()) {
                String key = task.name() + ".features." + OfficialProgram.key(site);
                if (official.has(key)) {
                    InputStatistics seen = site.tower() == Tower.VISION ? images : prompts;
                    try (Matrix expected = official.matrix(key);
                            Matrix slots = seen.slotMean(site.input()).mean(linalg);
                            Matrix columns = linalg.transpose(slots)) {
                        double[] actual = columns.toDoubles();
                        // the authors' program divides by the number of slots, which changes no subspace
                        double scale = 1.0 / slots.rows();
                        for (int i = 0; i < actual.length; i++) {
                            actual[i] *= scale;
                        }
                        double difference = relative(expected.toDoubles(), actual);
                        assertTrue(difference <= RELATIVE, key + " differs by " + difference);
                    }
                }
            }
        }
    }

    private static LocalBatch whole(int[] batch) {
        return new LocalBatch(batch, 1);
    }

    private void assertBasesAgree(TaskData task) {
        for (Site site : model.sites()) {
            try (Matrix expected = official.matrix(task.name() + ".basis." + OfficialProgram.key(site));
                    Matrix actual = method.protectedBasis(site)) {
                assertSameSpan(expected, actual, task.name() + " basis of " + site);
            }
        }
    }

    private RunData.TestSet testSet(int task) {
        ImageSet images = official.images(task, "test");
        return new RunData.TestSet("task" + task, images, images.size(), official.prompts(task));
    }

    private void assertAccuracyAgrees(TaskData task) {
        List<RunData.TestSet> sets = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            sets.add(keep(testSet(i)));
        }
        Objective objective = new Objective(model, Precision.FLOAT32, ProcessGroup.SINGLE);
        double[] row =
                new Evaluator(objective, TRAINING.batchSize(), RunMonitor.of(Progress.SILENT), sets).row(Map.of());
        double[] percent = Arrays.stream(official.doubles(task.name() + ".acc"))
                .map(share -> 100 * share)
                .toArray();
        assertArrayEquals(percent, row, ONE_IMAGE);
    }
}
