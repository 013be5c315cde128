package org.keeplora.distributed;

/** A result of communication that is still under way while this process continues to compute. */
public interface Pending<T> {
    /**
     * Waits for the result; called once.
     *
     * @throws LostProcess when another process cannot be reached
     */
    T await();
}
