package org.keeplora.method.internal;

import org.junit.jupiter.api.Tag;
import org.keeplora.engine.CudaDevice;
import org.keeplora.engine.Linalg;

@Tag("native")
final class CudaCumulativeEnergyTest extends CumulativeEnergyContract {
    @Override
    Linalg open() {
        return CudaDevice.open();
    }
}
