package org.keeplora.engine;

import org.junit.jupiter.api.Tag;
import org.keeplora.engine.internal.BatchLinalg;

@Tag("native")
final class CudaLeadingEigenTest extends LeadingEigenContract {
    @Override
    BatchLinalg open() {
        return CudaDevice.open();
    }
}
