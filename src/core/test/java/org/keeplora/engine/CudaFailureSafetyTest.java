package org.keeplora.engine;

import org.junit.jupiter.api.Tag;

@Tag("native")
final class CudaFailureSafetyTest extends FailureSafetyContract {
    @Override
    Linalg open() {
        return CudaDevice.open();
    }
}
