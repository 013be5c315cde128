package org.keeplora.distributed;

/**
 * What one process gave to collectives.
 *
 * @param calls how often
 * @param bytes of payload; a ring of N processes sends 2 (N−1)/N times as many for a sum
 */
public record Traffic(long calls, long bytes) {
    /** Nothing. */
    public static final Traffic NONE = new Traffic(0, 0);

    /** With one more call. */
    Traffic plus(long more) {
        return new Traffic(calls + 1, bytes + more);
    }

    /** What came after {@code before}. */
    public Traffic since(Traffic before) {
        return new Traffic(calls - before.calls, bytes - before.bytes);
    }
}
