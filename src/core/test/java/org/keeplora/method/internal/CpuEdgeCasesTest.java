package org.keeplora.method.internal;

import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;

final class CpuEdgeCasesTest extends EdgeCasesContract {
    @Override
    Linalg open() {
        return Linalg.open(BackendChoice.CPU, 2);
    }
}
