package org.keeplora.report;

/**
 * What one of several processes gave to sums over all of them.
 *
 * @param calls how often
 * @param bytes of payload
 */
public record Sums(long calls, long bytes) {
    /** Nothing, as of a process that is alone. */
    public static final Sums NONE = new Sums(0, 0);

    Sums plus(Sums more) {
        return new Sums(calls + more.calls, bytes + more.bytes);
    }

    Sums since(Sums before) {
        return new Sums(calls - before.calls, bytes - before.bytes);
    }
}
