package org.keeplora.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.engine.internal.BlasThreads;

class TorchThreadsTest {
    private final int before = torch.get_num_threads();
    private final int blasBefore = BlasThreads.count();

    @AfterEach
    void restore() {
        torch.set_num_threads(before);
        BlasThreads.set(blasBefore);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 2})
    void boundsLibtorchAndItsMatrixProducts(int threads) {
        TorchThreads.set(threads);
        assertEquals(threads, torch.get_num_threads());
        assertEquals(threads, BlasThreads.count());
    }
}
