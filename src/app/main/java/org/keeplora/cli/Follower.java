package org.keeplora.cli;

import org.keeplora.train.Checkpoints;

/** The checkpoints of a rank that has no files: it can only wish to stop. */
final class Follower implements Checkpoints {
    private volatile boolean stopping;

    @Override
    public Wish wish() {
        return stopping ? Wish.STOP : Wish.GO_ON;
    }

    /** From any thread: all ranks are to save and end. */
    void stop() {
        stopping = true;
    }
}
