package org.keeplora.bench.distributed;

/**
 * The network between processes.
 *
 * @param bytesPerSecond bytes per second that one process can send while it receives as many
 * @param latency seconds until a neighbour has a small message
 */
record Link(String name, double bytesPerSecond, double latency) {
    /** A network that costs nothing. */
    static final Link IDEAL = new Link("ideal", Double.POSITIVE_INFINITY, 0);

    /** Bytes that one process sends to sum {@code payload} bytes over a ring: 2 (N−1)/N times the payload. */
    static double sentBytes(double payload, int processes) {
        return 2.0 * (processes - 1) / processes * payload;
    }

    /** Seconds of a ring's sum for transferring the bytes. */
    double transfer(double payload, int processes) {
        return sentBytes(payload, processes) / bytesPerSecond;
    }

    /** Seconds of latency of {@code sums} sums, one after another: each needs 2 (N−1) messages of any size. */
    double delay(int sums, int processes) {
        return sums * 2.0 * (processes - 1) * latency;
    }

    /** Seconds of one sum. */
    double sum(double payload, int processes) {
        return transfer(payload, processes) + delay(1, processes);
    }
}
