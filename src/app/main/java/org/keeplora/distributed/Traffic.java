package org.keeplora.distributed;

/**
 * The data that one process passed to collectives.
 *
 * @param calls number of collectives
 * @param bytes of payload; for a sum, a ring of N processes sends 2 (N−1)/N times as many
 */
public record Traffic(long calls, long bytes) {
    /** No traffic. */
    public static final Traffic NONE = new Traffic(0, 0);

    /** This traffic plus one call with {@code more} bytes. */
    Traffic plus(long more) {
        return new Traffic(calls + 1, bytes + more);
    }

    /** The traffic after {@code before}. */
    public Traffic since(Traffic before) {
        return new Traffic(calls - before.calls, bytes - before.bytes);
    }
}
