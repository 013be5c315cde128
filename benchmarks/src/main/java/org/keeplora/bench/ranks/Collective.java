package org.keeplora.bench.ranks;

/**
 * Something that all ranks sum, once.
 *
 * @param source the class that does it
 * @param sums on the wire, one after another: one for each tensor or bucket; the program counts all of them as one call
 * @param bytes of payload of one rank, all sums together
 */
record Collective(String what, String source, int sums, long bytes) {
    double transfer(Link link, int ranks) {
        return link.transfer(bytes, ranks);
    }

    double delay(Link link, int ranks) {
        return link.delay(sums, ranks);
    }
}
