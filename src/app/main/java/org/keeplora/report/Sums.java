package org.keeplora.report;

/**
 * What one process contributed to sums over the process group.
 *
 * @param calls number of sums
 * @param bytes bytes of payload
 */
public record Sums(long calls, long bytes) {
    /** No contribution, for a single process. */
    public static final Sums NONE = new Sums(0, 0);

    Sums plus(Sums more) {
        return new Sums(calls + more.calls, bytes + more.bytes);
    }

    Sums since(Sums before) {
        return new Sums(calls - before.calls, bytes - before.bytes);
    }
}
