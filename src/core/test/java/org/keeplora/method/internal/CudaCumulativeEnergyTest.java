package org.keeplora.method.internal;

import org.junit.jupiter.api.Tag;
import org.keeplora.engine.CudaDevice;
import org.keeplora.engine.internal.BatchLinalg;

@Tag("native")
final class CudaCumulativeEnergyTest extends CumulativeEnergyContract {
    @Override
    BatchLinalg open() {
        return CudaDevice.open();
    }
}
