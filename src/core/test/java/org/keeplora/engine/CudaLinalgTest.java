package org.keeplora.engine;

import org.junit.jupiter.api.Tag;

@Tag("native")
final class CudaLinalgTest extends LinalgContract {
    @Override
    Linalg open() {
        return CudaDevice.open();
    }
}
