package org.keeplora.drawn;

import java.util.List;
import java.util.SplittableRandom;

/** The random numbers of one picture, its only source of randomness. Must be used by one thread. */
final class Chance {
    private final SplittableRandom random;

    Chance(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Uniform in [low, high). */
    double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    /** Uniform in {@code low .. high}, both included. */
    int count(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    /** True with probability {@code probability}. */
    boolean happens(double probability) {
        return random.nextDouble() < probability;
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** 64 random bits. */
    long bits() {
        return random.nextLong();
    }
}
