package org.keeplora.bench.distributed;

/**
 * Seconds of one process with its own core or GPU.
 *
 * @param features a forward pass that adds up second moments
 * @param evaluation a forward pass
 * @param decode decoding of one training image, with all threads of the machine
 * @param start start of a task's adapters
 * @param growth extension of the bases after a task: the eigenproblems
 */
record Costs(
        PassTime gradient, PassTime training, PassTime features, PassTime evaluation, double decode, OnceATask once) {
    /** Work that every process repeats, once per task. */
    record OnceATask(double start, double growth) {}

    /**
     * Assumptions for costs that were not measured.
     *
     * @param flops operations per second that the device sustains
     * @param fixed seconds of a batch's kernel launches, forward and backward
     * @param decode seconds of one training image, with all threads of the machine
     */
    record Assumed(double flops, double fixed, double decode, OnceATask once) {
        Costs of(Network network) {
            return new Costs(
                    pass(network, 2, 1, 0),
                    pass(network, 2, 0, 0),
                    pass(network, 1, 0, 1),
                    pass(network, 1, 0, 0),
                    decode,
                    once);
        }

        /** A pass, forward only or also backward; with the weights' gradients, or with second moments. */
        private PassTime pass(Network network, int directions, int gradients, int moments) {
            double image = seconds(network.vision(), directions, gradients, moments);
            double prompt = seconds(network.text(), directions, gradients, moments);
            double forward = directions == 1 ? 1 : network.vision().forward() / flops / image;
            return PassTime.steady(fixed * directions / 2, image, prompt, forward);
        }

        private double seconds(Network.TowerSize tower, int directions, int gradients, int moments) {
            double back = (directions - 1) * tower.backward();
            return (tower.forward() + back + gradients * tower.weightGradients() + moments * tower.secondMoments())
                    / flops;
        }
    }
}
