package org.keeplora.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Collectors;
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
    void whyThereIsNoGpuIsSaid() {
        assertTrue(TorchDevice.withoutGpu(false, false).startsWith("the libtorch on the class path is the CPU build"));
        assertTrue(TorchDevice.withoutGpu(true, false).contains("lacks a library of NVIDIA's"));
        assertEquals("libtorch finds no GPU that it can use", TorchDevice.withoutGpu(true, true));
        Libtorch.load();
        String files = Libtorch.files().stream().collect(Collectors.joining());
        assertEquals(files.contains("-gpu/"), Libtorch.isGpuBuild());
    }

    @Test
    void onTheHostNothingChanges() {
        Libtorch.load();
        TorchDevice.CPU.computeRepeatably();
        assertFalse(torch.globalContext().deterministicAlgorithms());
    }
}
