package org.keeplora.train;

import java.util.SplittableRandom;

/**
 * All settings that decide the numbers of a run, besides the model and the data.
 *
 * @param learning which continual-learning method
 * @param method its variant, ranks and protected shares
 * @param training optimiser and schedule
 * @param seed of batch order and adapter starts
 * @param threads intra-operation threads of torch and decoding threads
 */
public record RunSettings(
        LearningMethod learning, MethodSettings method, TrainSettings training, long seed, int threads) {
    /** The uses of random numbers; their order is part of the meaning of a seed. */
    enum Purpose {
        BATCH_ORDER,
        LORA_START
    }

    RunSettings with(MethodSettings other) {
        return new RunSettings(learning, other, training, seed, threads);
    }

    /** As {@link #seed(long, Purpose, int...)}, of this run. */
    long seed(Purpose purpose, int... coordinates) {
        return seed(seed, purpose, coordinates);
    }

    /**
     * An independent seed for every use of random numbers, so that one task or site never shifts the numbers of
     * another.
     *
     * @param coordinates task, and site or epoch
     */
    static long seed(long runSeed, Purpose purpose, int... coordinates) {
        long seed = new SplittableRandom(runSeed + purpose.ordinal()).nextLong();
        for (int coordinate : coordinates) {
            seed = new SplittableRandom(seed + coordinate).nextLong();
        }
        return seed;
    }
}
