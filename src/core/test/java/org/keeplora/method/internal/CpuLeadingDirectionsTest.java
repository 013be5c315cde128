package org.keeplora.method.internal;

import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.internal.BatchLinalg;

final class CpuLeadingDirectionsTest extends LeadingDirectionsContract {
    @Override
    BatchLinalg open() {
        return BatchLinalg.open(BackendChoice.CPU, 2);
    }
}
