package org.keeplora.method.internal;

import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.internal.BatchLinalg;

final class CpuPaperPropertiesTest extends PaperPropertiesContract {
    @Override
    BatchLinalg open() {
        return BatchLinalg.open(BackendChoice.CPU, 2);
    }
}
