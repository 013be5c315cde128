package org.keeplora.bench.ranks;

/**
 * Something that all ranks sum.
 *
 * @param source the class that does it
 * @param calls as the program counts them
 * @param sums on the wire, one after another: one for each bucket of a call
 * @param bytes of payload of one rank, all sums together
 */
record Collective(String what, String source, int calls, int sums, long bytes) {
    /** One call of one sum. */
    static Collective one(String what, String source, long bytes) {
        return new Collective(what, source, 1, 1, bytes);
    }

    double transfer(Link link, int ranks) {
        return link.transfer(bytes, ranks);
    }

    double delay(Link link, int ranks) {
        return link.delay(sums, ranks);
    }
}
