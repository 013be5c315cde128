package org.keeplora.torch.examples;

import org.keeplora.examples.Learner;
import org.keeplora.examples.TwoTasksContract;

final class TorchLayersTest extends TwoTasksContract {
    @Override
    protected Learner open(float[][] first, float[][] second) {
        return new TorchLayers(first, second);
    }
}
