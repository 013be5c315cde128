package org.keeplora.method.internal;

import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;

final class CpuStoredSubspaceTest extends StoredSubspaceContract {
    @Override
    Linalg open() {
        return Linalg.open(BackendChoice.CPU, 2);
    }
}
