package org.keeplora.method.internal;

import org.junit.jupiter.api.Tag;
import org.keeplora.engine.CudaDevice;
import org.keeplora.engine.internal.BatchLinalg;

@Tag("native")
final class CudaLeadingDirectionsTest extends LeadingDirectionsContract {
    @Override
    BatchLinalg open() {
        return CudaDevice.open();
    }
}
