package org.keeplora.method.internal;

import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.internal.BatchLinalg;

final class CpuFailureSafetyTest extends FailureSafetyContract {
    @Override
    BatchLinalg open() {
        return BatchLinalg.open(BackendChoice.CPU, 2);
    }
}
