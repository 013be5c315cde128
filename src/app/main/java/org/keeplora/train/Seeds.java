package org.keeplora.train;

import java.util.SplittableRandom;

/** Independent seeds for every use of randomness in a run, so that one task or site never shifts the numbers of another. */
final class Seeds {
    private Seeds() {}

    /** A seed that depends on the run's seed and on every coordinate (purpose, task, site or epoch), in that order. */
    static long of(long runSeed, Purpose purpose, int... coordinates) {
        long seed = new SplittableRandom(runSeed + purpose.ordinal()).nextLong();
        for (int coordinate : coordinates) {
            seed = new SplittableRandom(seed + coordinate).nextLong();
        }
        return seed;
    }

    /** What the random numbers are for; the order is part of what a seed means. */
    enum Purpose {
        BATCH_ORDER,
        LORA_START
    }
}
