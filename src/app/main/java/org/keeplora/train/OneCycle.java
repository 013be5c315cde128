package org.keeplora.train;

/**
 * One-cycle learning rate and first AdamW momentum, with PyTorch's defaults: the rate rises by a cosine over the first 30 % of
 * the steps from peak/25 to the peak, then falls by a cosine to peak/250,000; the momentum mirrors it between 0.95 and 0.85.
 *
 * @param peak learning rate at the top of the cycle
 * @param steps optimiser steps of the whole training, at least 1
 */
record OneCycle(double peak, int steps) {
    private static final double RISING_SHARE = 0.3;
    private static final double START = 1.0 / 25;
    private static final double END = START / 1e4;
    private static final double MOMENTUM_AT_PEAK = 0.85;
    private static final double MOMENTUM_AT_ENDS = 0.95;

    OneCycle {
        if (steps < 1) {
            throw new IllegalArgumentException("one-cycle schedule over " + steps + " steps: at least 1 is needed");
        }
    }

    /** Learning rate of step {@code step}, counted from 0. */
    double learningRate(int step) {
        return peak * along(step, START, 1, END);
    }

    /** AdamW's β₁ of step {@code step}, counted from 0. */
    double momentum(int step) {
        return along(step, MOMENTUM_AT_ENDS, MOMENTUM_AT_PEAK, MOMENTUM_AT_ENDS);
    }

    private double along(int step, double first, double top, double last) {
        double topStep = RISING_SHARE * steps - 1;
        double lastStep = steps - 1;
        if (step <= topStep) {
            return cosine(first, top, topStep == 0 ? 1 : step / topStep);
        }
        return cosine(top, last, lastStep == topStep ? 1 : (step - topStep) / (lastStep - topStep));
    }

    private static double cosine(double from, double to, double share) {
        return to + (from - to) / 2 * (1 + Math.cos(Math.PI * share));
    }
}
