package org.keeplora.engine;

final class CudaLinalgTest extends LinalgContract {
    @Override
    Linalg open() {
        return CudaDevice.open();
    }
}
