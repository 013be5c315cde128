package org.keeplora.method;

import org.keeplora.engine.CudaDevice;
import org.keeplora.engine.Linalg;

final class CudaPaperPropertiesTest extends PaperPropertiesContract {
    @Override
    Linalg open() {
        return CudaDevice.open();
    }
}
