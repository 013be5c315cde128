package org.keeplora.bench.distributed;

/**
 * Seconds of one process that has a core, or a GPU, for itself.
 *
 * @param features a forward pass that adds up second moments
 * @param evaluation a forward pass
 * @param decode of one training image, with all threads of the machine
 * @param start of the adapters of a task
 * @param growth of the bases after a task: the eigenproblems
 */
record Costs(
        PassTime gradient, PassTime training, PassTime features, PassTime evaluation, double decode, OnceATask once) {
    /** What every process does alike, once a task. */
    record OnceATask(double start, double growth) {}

    /**
     * What costs are made of where nothing was measured.
     *
     * @param flops operations a second that the device keeps up
     * @param fixed seconds of a batch's launches in both directions
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

        /** Forward, or also back; then with the weights' gradients, or with second moments. */
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
