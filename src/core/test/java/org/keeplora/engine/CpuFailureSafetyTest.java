package org.keeplora.engine;

final class CpuFailureSafetyTest extends FailureSafetyContract {
    @Override
    Linalg open() {
        return Linalg.open(BackendChoice.CPU, 2);
    }
}
