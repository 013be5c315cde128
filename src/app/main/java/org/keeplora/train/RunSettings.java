package org.keeplora.train;

/**
 * Everything that decides the numbers of a run, beside the model and the data.
 *
 * @param learning which continual-learning method
 * @param method its variant, ranks and protected shares
 * @param training optimiser and schedule
 * @param seed of batch order and adapter starts
 * @param threads intra-operation threads of torch and decoding threads
 */
public record RunSettings(
        LearningMethod learning, MethodSettings method, TrainSettings training, long seed, int threads) {
    RunSettings with(MethodSettings other) {
        return new RunSettings(learning, other, training, seed, threads);
    }
}
