package org.keeplora.engine;

final class CpuLinalgTest extends LinalgContract {
    @Override
    Linalg open() {
        return Linalg.open(BackendChoice.CPU, 2);
    }
}
