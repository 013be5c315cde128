package org.keeplora.drawn;

import java.util.List;
import java.util.SplittableRandom;

/** The random numbers of one picture; nothing else in a picture is random. For one thread. */
final class Chance {
    private final SplittableRandom random;

    Chance(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Uniform in [low, high). */
    double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    /** Uniform in {@code low .. high}, both possible. */
    int count(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    /** True for this share of all pictures. */
    boolean happens(double share) {
        return random.nextDouble() < share;
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** 64 random bits. */
    long bits() {
        return random.nextLong();
    }
}
