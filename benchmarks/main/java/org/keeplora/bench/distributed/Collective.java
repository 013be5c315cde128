package org.keeplora.bench.distributed;

/**
 * Something that all processes sum.
 *
 * @param source the class that does it
 * @param calls as the program counts them
 * @param sums on the wire, one after another: one for each bucket of a call
 * @param bytes of payload of one process, all sums together
 */
record Collective(String what, String source, int calls, int sums, long bytes) {
    /** One call of one sum. */
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
