package org.keeplora.examples;

final class TorchLayersTest extends TwoTasksContract {
    @Override
    Learner open(float[][] first, float[][] second) {
        return new TorchLayers(first, second);
    }
}
