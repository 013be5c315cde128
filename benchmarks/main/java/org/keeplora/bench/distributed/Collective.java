package org.keeplora.bench.distributed;

/**
 * A sum over all processes.
 *
 * @param source the class that computes it
 * @param calls number of calls, as the program counts them
 * @param sums number of sums on the network, one after another: one for each bucket of a call
 * @param bytes of payload of one process, for all sums together
 */
record Collective(String what, String source, int calls, int sums, long bytes) {
    /** One call with one sum. */
    static Collective one(String what, String source, long bytes) {
        return new Collective(what, source, 1, 1, bytes);
    }

    double transfer(Link link, int processes) {
        return link.transfer(bytes, processes);
    }

    double delay(Link link, int processes) {
        return link.delay(sums, processes);
    }
}
