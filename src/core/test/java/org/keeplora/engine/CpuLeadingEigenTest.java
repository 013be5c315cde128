package org.keeplora.engine;

import org.keeplora.engine.internal.BatchLinalg;

final class CpuLeadingEigenTest extends LeadingEigenContract {
    @Override
    BatchLinalg open() {
        return BatchLinalg.open(BackendChoice.CPU, 2);
    }
}
