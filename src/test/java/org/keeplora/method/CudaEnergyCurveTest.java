package org.keeplora.method;

import org.keeplora.engine.CudaDevice;
import org.keeplora.engine.Linalg;

final class CudaEnergyCurveTest extends EnergyCurveContract {
    @Override
    Linalg open() {
        return CudaDevice.open();
    }
}
