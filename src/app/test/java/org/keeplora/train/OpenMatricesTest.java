package org.keeplora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.clip.ClipArchitecture;
import org.keeplora.clip.ClipArchitecture.TowerArchitecture;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.FreshClip;
import org.keeplora.clip.Site;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.NonFiniteInput;
import org.keeplora.method.Preset;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;
import org.keeplora.store.UserError;
import org.keeplora.torch.Precision;

/** A method holds the matrices of its subspaces and no others, also after something failed. */
final class OpenMatricesTest {
    private static final int WIDTH = 64;
    /** The narrower of M and Q. */
    private static final int OF_A_SUBSPACE = 1;

    @TempDir
    Path folder;

    private Linalg linalg;
    private ClipModel model;
    private long before;

    @BeforeEach
    void open() {
        TowerArchitecture tower = TowerArchitecture.openAi(WIDTH, 2);
        Path file = folder.resolve("model.safetensors");
        FreshClip.write(
                file,
                ClipArchitecture.of(tower, tower)
                        .imageSize(32)
                        .patchSize(16)
                        .embedding(WIDTH)
                        .contextLength(8)
                        .vocabulary(16)
                        .build(),
                1);
        linalg = Linalg.open(BackendChoice.CPU, 2);
        model = ClipModel.load(file);
        before = Matrix.open();
    }

    @AfterEach
    void close() {
        assertEquals(before, Matrix.open());
        model.close();
        linalg.close();
    }

    private static RunSettings settings(LearningMethod learning) {
        return new RunSettings(
                learning,
                new MethodSettings(
                        Preset.PAPER.switches(),
                        4,
                        4,
                        new MethodSettings.Protection(0.6, 0.2, 0.9),
                        MethodSettings.Head.NONE),
                new TrainSettings(List.of(1), 8, 1e-3, 0.01, Precision.FLOAT32),
                1,
                2);
    }

    private KeepLora keepLora() {
        return new KeepLora(model, ComputeContext.alone(linalg), settings(LearningMethod.KEEPLORA));
    }

    private void assertHoldsItsSubspaces() {
        assertEquals(before + (long) OF_A_SUBSPACE * model.sites().size(), Matrix.open());
    }

    @Test
    void keepLoraHoldsItsSubspaces() {
        try (KeepLora method = keepLora()) {
            assertHoldsItsSubspaces();
        }
    }

    @Test
    void gradientLoraHoldsThoseThatProtectNothing() {
        RunSettings settings = settings(LearningMethod.GRADIENT_LORA);
        try (GradientLora method = new GradientLora(model, ComputeContext.alone(linalg), settings)) {
            assertHoldsItsSubspaces();
        }
    }

    @Test
    void nothingIsLeftOfWeightsThatAreNotFinite() {
        Site last = model.sites().get(model.sites().size() - 1);
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            model.weight(last).fill_(new Scalar(Double.NaN));
        }
        assertThrows(NonFiniteInput.class, this::keepLora);
    }

    @Test
    void aStateOfAnotherVersionIsRefusedInOneLine() {
        Path file = folder.resolve("state.safetensors");
        try (KeepLora method = keepLora()) {
            NamedArray frame = NamedArray.of("frame/" + model.sites().get(0), new long[] {1, 1}, new double[] {1});
            Safetensors.write(file, List.of(frame), Map.of());
            UserError refused = assertThrows(UserError.class, () -> method.restore(Safetensors.open(file)));
            assertEquals(
                    file + ": has no protected/" + model.sites().get(0)
                            + ": another version saved it; resume with that version, or start again",
                    refused.getMessage());
            assertHoldsItsSubspaces();
        }
    }

    @Test
    void aStoredSubspaceThatCannotBeUsedIsRefusedInOneLine() {
        try (KeepLora method = keepLora()) {
            NamedArray first = method.state().get(0);
            long cols = first.shape()[1];
            assertRefused(
                    method,
                    NamedArray.of(first.name(), first.shape(), new float[WIDTH * (int) cols]),
                    "basis [64 x " + cols + "] F32 has an entry of BᵀB − I of 1.0;");
            assertRefused(
                    method,
                    NamedArray.of(first.name(), new long[] {WIDTH, WIDTH + 1}, new float[WIDTH * (WIDTH + 1)]),
                    "basis is [64 x 65] F32; it must be F32 and have at most as many columns as rows");
            assertHoldsItsSubspaces();
        }
    }

    private void assertRefused(KeepLora method, NamedArray array, String says) {
        Path file = folder.resolve("state-" + array.shape()[1] + ".safetensors");
        List<NamedArray> state = new ArrayList<>(method.state());
        state.set(0, array);
        Safetensors.write(file, state, Map.of());
        String message = assertThrows(UserError.class, () -> method.restore(Safetensors.open(file)))
                .getMessage();
        assertTrue(message.startsWith(file + ": restore: " + model.sites().get(0) + ": "), message);
        assertTrue(message.contains(says), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void aStepOfAnotherVersionIsRefusedInOneLine() {
        Path file = folder.resolve("state.safetensors");
        NamedArray losses = NamedArray.of("training/losses", new long[] {1}, new double[] {3});
        Safetensors.write(file, List.of(losses, NamedArray.of("training/optimizer", new byte[1])), Map.of());
        Safetensors stored = Safetensors.open(file);
        UserError refused = assertThrows(UserError.class, () -> OptimizerState.Saved.in(stored));
        assertEquals(
                file + ": has no local/training/optimizer"
                        + ": another version saved it; resume with that version, or start again",
                refused.getMessage());
    }
}
