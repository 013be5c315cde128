package org.keeplora.djl.examples;

import org.keeplora.examples.Learner;
import org.keeplora.examples.TwoTasksContract;

final class DjlMlpTest extends TwoTasksContract {
    @Override
    protected Learner open(float[][] first, float[][] second) {
        return new DjlMlp(first, second);
    }
}
