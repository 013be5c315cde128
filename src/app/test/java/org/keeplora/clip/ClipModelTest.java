package org.keeplora.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.store.BadFile;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;
import org.keeplora.testing.Shared;
import org.keeplora.torch.Adapter;
import org.keeplora.torch.DeviceUnavailable;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchDevice;
import org.keeplora.torch.TorchMatrix;
import org.keeplora.torch.TorchShuffle;

/** The network against the authors' program on the tiny CLIP, and the properties of adapters. */
@Tag("shared")
final class ClipModelTest {
    /** The project's bound for logits against the authors' program. */
    private static final double LOGITS = 2e-4;
    /** Float32 rounding through a few hundred additions, relative to values of a few units. */
    private static final double ROUNDING = 1e-4;

    private PointerScope scope;
    private ClipModel model;
    private Safetensors golden;

    @BeforeEach
    void load() {
        golden = Safetensors.open(Shared.file("golden/clip-tiny-logits.safetensors"));
        model = ClipModel.load(Shared.file("golden/clip-tiny.safetensors"));
        scope = new PointerScope();
    }

    @AfterEach
    void close() {
        if (model != null) {
            scope.close();
            model.close();
        }
    }

    private Tensor stored(String name) {
        NamedArray array = golden.get(name);
        return Tensors.ofFloats(array.toFloats(), array.shape());
    }

    private TokenBatch prompts(boolean cut) {
        NamedArray array = golden.get("tokens");
        long[] ids = array.toLongs();
        int context = (int) array.shape()[1];
        int[] ends = new int[(int) array.shape()[0]];
        int longest = 0;
        for (int i = 0; i < ends.length; i++) {
            for (int j = 0; j < context; j++) {
                ends[i] = ids[i * context + j] > ids[i * context + ends[i]] ? j : ends[i];
            }
            longest = Math.max(longest, ends[i]);
        }
        Tensor all = Tensors.ofLongs(ids).reshape(ends.length, context);
        return new TokenBatch(cut ? all.narrow(1, 0, longest + 1).contiguous() : all, ends);
    }

    private Tensor logits() {
        return model.logits(model.encodeImage(stored("images")), model.encodeText(prompts(true)));
    }

    private static void assertClose(Tensor expected, Tensor actual, double tolerance) {
        assertArrayEquals(Tensors.floats(expected), Tensors.floats(actual), (float) tolerance);
    }

    @Test
    void agreesWithTheAuthorsProgram() {
        assertClose(stored("image_features"), model.encodeImage(stored("images")), LOGITS);
        assertClose(stored("text_features"), model.encodeText(prompts(true)), LOGITS);
        assertClose(stored("logits_per_image"), logits(), LOGITS);
    }

    @Test
    void cutTextReadsTheSame() {
        assertClose(model.encodeText(prompts(false)), model.encodeText(prompts(true)), ROUNDING);
    }

    private Map<Site, Adapter> adapters(Adapter.Trained trained) {
        Random random = new Random(3);
        Map<Site, Adapter> adapters = new HashMap<>();
        for (Site site : model.sites()) {
            int width = (int) model.weight(site).size(0);
            adapters.put(site, new Adapter(gaussian(random, width, 5), gaussian(random, 5, width), 0.7, trained));
        }
        return adapters;
    }

    private static Tensor gaussian(Random random, int rows, int cols) {
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() / 10;
        }
        return Tensors.ofFloats(values, rows, cols);
    }

    @Test
    void attachingChangesNoLogitAndMergingUntrainedNoBit() {
        Tensor before = logits();
        Map<Site, float[]> weights = new HashMap<>();
        model.sites().forEach(site -> weights.put(site, Tensors.floats(model.weight(site))));
        model.attach(adapters(Adapter.Trained.B));
        assertClose(before, logits(), 10 * ROUNDING);
        model.merge();
        model.sites().forEach(site -> assertArrayEquals(weights.get(site), Tensors.floats(model.weight(site))));
        assertEquals(0, model.trainable().size());
    }

    @Test
    void mergingKeepsTheTrainedFunction() {
        model.attach(adapters(Adapter.Trained.A_AND_B));
        assertEquals(2 * model.sites().size(), model.trainable().size());
        try (var guard = new org.bytedeco.pytorch.NoGradGuard()) {
            model.trainable().forEach(factor -> factor.mul_(new Scalar(1.1)));
        }
        Tensor trained = logits();
        model.merge();
        assertClose(trained, logits(), 10 * ROUNDING);
    }

    @Test
    void adapterGradientIsTheWeightGradientBetweenTheFactors() {
        model.requireWeightGradients(model.sites());
        logits().sum().backward();
        Map<Site, Tensor> gradients = new HashMap<>();
        model.sites().forEach(site -> gradients.put(site, model.gradient(site).clone()));
        model.dropWeightGradients();
        assertThrows(
                IllegalStateException.class, () -> model.gradient(model.sites().get(0)));
        Map<Site, Adapter> adapters = adapters(Adapter.Trained.B);
        model.attach(adapters);
        logits().sum().backward();
        Site site = model.sites().get(0);
        // dL/dB = s·Aᵀ·G with G [in x out]
        Tensor expected =
                adapters.get(site).a().t().matmul(gradients.get(site).t()).mul(new Scalar(0.7));
        Tensor actual = model.trainable(site).get(0).grad();
        double scale = expected.norm().item_double();
        assertTrue(expected.sub(actual).norm().item_double() <= 10 * ROUNDING * scale);
    }

    @Test
    void tapSeesEverySharedInputOnce() {
        Map<SiteInput, Tensor> seen = new HashMap<>();
        model.tap((input, activations) -> seen.merge(input, activations, (one, two) -> {
            throw new AssertionError(input + " was seen twice");
        }));
        logits();
        model.tap(null);
        assertEquals(model.sites().stream().map(Site::input).distinct().count(), seen.size());
        SiteInput attended = new SiteInput(Tower.TEXT, 0, SiteInput.Reader.O);
        assertEquals(64, seen.get(attended).size(2));
    }

    @Test
    void errorsNameTheTensorAndBothShapes() {
        Path reference = Shared.file("golden/mtil-v1-reference.safetensors");
        String missing =
                assertThrows(BadFile.class, () -> ClipModel.load(reference)).getMessage();
        assertTrue(missing.contains("'visual.conv1.weight' is missing"), missing);
        Map<Site, Adapter> wrong = Map.of(
                new Site(Tower.TEXT, 1, AttentionProjection.O),
                new Adapter(
                        Tensors.ofFloats(new float[6], 2, 3),
                        Tensors.ofFloats(new float[6], 3, 2),
                        1,
                        Adapter.Trained.B));
        String shape = assertThrows(IllegalArgumentException.class, () -> model.attach(wrong))
                .getMessage();
        assertEquals("attach: adapter of text.1.o maps 2 to 2 but the weight maps 64 to 64", shape);
    }

    @Test
    void aPromptsFeatureDoesNotDependOnTheOthersLengths() {
        Random random = new Random(4);
        int[] ends = random.ints(120, 3, 20).toArray();
        ends[7] = 20;
        long[] ids = random.longs(120 * 21, 1, 50).toArray();
        Tensor all = Tensors.ofLongs(ids).reshape(120, 21);
        assertTrue(PromptGroups.of(ends).size() > 1);
        float[] together = Tensors.floats(model.encodeText(new TokenBatch(all, ends)));
        int embedding = together.length / ends.length;
        for (int prompt : new int[] {0, 7, 63, 119}) {
            Tensor own = all.narrow(0, prompt, 1).narrow(1, 0, ends[prompt] + 1L);
            float[] alone = Tensors.floats(model.encodeText(new TokenBatch(own, new int[] {ends[prompt]})));
            assertArrayEquals(alone, Arrays.copyOfRange(together, prompt * embedding, (prompt + 1) * embedding), 2e-5f);
        }
    }

    @Test
    void aModelOutlivesTheScopeInWhichItIsLoaded() {
        ClipModel loaded;
        try (PointerScope scope = new PointerScope()) {
            loaded = ClipModel.load(Shared.file("golden/clip-tiny.safetensors"));
        }
        try (loaded) {
            TokenBatch prompt = new TokenBatch(Tensors.ofLongs(1, 2, 3).reshape(1, 3), new int[] {2});
            assertArrayEquals(Tensors.floats(model.encodeText(prompt)), Tensors.floats(loaded.encodeText(prompt)));
        }
    }

    @Test
    void matricesAndTensorsShareMemory() {
        Tensor tensor = Tensors.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        try (var matrix = TorchMatrix.view(tensor)) {
            matrix.set(1, 2, 9);
            Tensor back = TorchMatrix.view(matrix);
            assertArrayEquals(new float[] {1, 2, 3, 4, 5, 9}, Tensors.floats(tensor));
            assertArrayEquals(Tensors.floats(tensor), Tensors.floats(back));
        }
        assertThrows(IllegalArgumentException.class, () -> TorchMatrix.view(tensor.t()));
    }

    @Test
    void aBackendOfTheHostSeesATensorsMemoryAndCopiesOnlyWhenAsked() {
        Tensor tensor = Tensors.ofFloats(new float[] {1, 2, 3, 4}, 2, 2);
        try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, 1);
                Matrix view = TorchMatrix.view(tensor, linalg);
                Matrix copy = TorchMatrix.copyOf(tensor, linalg)) {
            view.set(0, 0, 9);
            assertArrayEquals(new float[] {9, 2, 3, 4}, Tensors.floats(tensor));
            assertArrayEquals(new float[] {1, 2, 3, 4}, copy.toFloats());
        }
    }

    @Test
    void halfPrecisionTensorsAreSamples() {
        Tensor tensor = Tensors.ofFloats(new float[] {1, -2, 3.5f, 4}, 2, 2);
        try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, 1)) {
            for (ScalarType type : List.of(ScalarType.Half, ScalarType.BFloat16)) {
                Tensor narrow = tensor.to(type);
                try (Matrix samples = TorchMatrix.view(narrow, linalg);
                        Matrix widened = linalg.convert(samples, ElementType.F32)) {
                    assertArrayEquals(new float[] {1, -2, 3.5f, 4}, widened.toFloats());
                }
            }
        }
    }

    @Test
    void withoutTheGpuBuildOfLibtorchTheDeviceIsRefusedWithTheReason() {
        assumeFalse(torch.hasCUDA(), "this libtorch has CUDA");
        String reason = assertThrows(
                        DeviceUnavailable.class,
                        () -> ClipModel.load(Shared.file("golden/clip-tiny.safetensors"), TorchDevice.CUDA))
                .getMessage();
        assertEquals(
                "device cuda: the libtorch on the class path is the CPU build; build with -Plibtorch-cuda", reason);
    }

    @Test
    void permutationIsPyTorchs() {
        torch.manual_seed(1);
        assertArrayEquals(new int[] {2, 6, 1, 8, 4, 5, 0, 9, 3, 7}, TorchShuffle.permutation(10, 42));
    }
}
