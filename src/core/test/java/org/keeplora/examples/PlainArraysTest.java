package org.keeplora.examples;

final class PlainArraysTest extends TwoTasksContract {
    @Override
    protected Learner open(float[][] first, float[][] second) {
        return new PlainArrays(first, second);
    }
}
