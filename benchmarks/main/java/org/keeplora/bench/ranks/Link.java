package org.keeplora.bench.ranks;

/**
 * What ranks are connected by.
 *
 * @param bytesPerSecond that one rank can send while it receives as many
 * @param latency seconds until a neighbour has a small message
 */
record Link(String name, double bytesPerSecond, double latency) {
    /** A network that costs nothing. */
    static final Link IDEAL = new Link("ideal", Double.POSITIVE_INFINITY, 0);

    /** Bytes that one rank sends for a sum of {@code payload} bytes over a ring: 2 (N−1)/N times as many. */
    static double sentBytes(double payload, int ranks) {
        return 2.0 * (ranks - 1) / ranks * payload;
    }

    /** Seconds of a ring's sum that the bytes need. */
    double transfer(double payload, int ranks) {
        return sentBytes(payload, ranks) / bytesPerSecond;
    }

    /** Seconds of {@code sums} sums, one after another, that 2 (N−1) messages each need however small they are. */
    double delay(int sums, int ranks) {
        return sums * 2.0 * (ranks - 1) * latency;
    }

    /** Seconds of one sum. */
    double sum(double payload, int ranks) {
        return transfer(payload, ranks) + delay(1, ranks);
    }
}
