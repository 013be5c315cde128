package org.keeplora.distributed;

/** What is on its way between ranks while this one computes on. */
public interface Pending<T> {
    /**
     * Waits for it; called once.
     *
     * @throws LostRank when another rank cannot be reached
     */
    T await();
}
