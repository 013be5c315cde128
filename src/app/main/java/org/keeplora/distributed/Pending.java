package org.keeplora.distributed;

/** What is on its way between processes while this one computes on. */
public interface Pending<T> {
    /**
     * Waits for it; called once.
     *
     * @throws LostProcess when another process cannot be reached
     */
    T await();
}
