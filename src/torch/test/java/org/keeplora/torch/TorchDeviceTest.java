package org.keeplora.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The settings under which libtorch computes the same bits on a GPU. That it does so there has not been tried. */
final class TorchDeviceTest {
    private static final String WORKSPACE = "CUBLAS_WORKSPACE_CONFIG";

    @AfterEach
    void asBefore() {
        torch.globalContext().setDeterministicAlgorithms(false, false);
        torch.globalContext().setDeterministicFillUninitializedMemory(true);
    }

    @Test
    void onAGpuOnlyRepeatableAlgorithmsAreUsed() {
        TorchDevice.CUDA.computeRepeatably();
        Context context = torch.globalContext();
        assertTrue(context.deterministicAlgorithms());
        assertFalse(context.deterministicAlgorithmsWarnOnly(), "a warning alone leaves attention as it is");
        assertFalse(context.deterministicFillUninitializedMemory());
        String given = System.getenv(WORKSPACE);
        assertEquals(
                given == null ? ":4096:8" : given,
                torch.get_env(WORKSPACE).get().getString());
    }

    @Test
    void onTheHostNothingChanges() {
        Libtorch.load();
        TorchDevice.CPU.computeRepeatably();
        assertFalse(torch.globalContext().deterministicAlgorithms());
    }
}
