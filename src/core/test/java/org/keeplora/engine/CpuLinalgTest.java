package org.keeplora.engine;

import org.keeplora.engine.internal.BatchLinalg;

final class CpuLinalgTest extends LinalgContract {
    @Override
    BatchLinalg open() {
        return BatchLinalg.open(BackendChoice.CPU, 2);
    }
}
