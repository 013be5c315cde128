package org.keeplora.torch.examples;

import org.keeplora.examples.Learner;
import org.keeplora.examples.TwoTasksContract;

final class MlpTest extends TwoTasksContract {
    @Override
    protected Learner open(float[][] first, float[][] second) {
        return new TorchTrainer(new Mlp(first, second));
    }
}
