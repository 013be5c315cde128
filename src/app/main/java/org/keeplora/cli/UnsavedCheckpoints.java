package org.keeplora.cli;

import org.keeplora.train.Checkpoints;

/** The checkpoints of a process that has no files: it can only wish to stop. */
final class UnsavedCheckpoints implements Checkpoints {
    private volatile boolean stopping;

    @Override
    public Wish wish() {
        return stopping ? Wish.STOP : Wish.GO_ON;
    }

    /** From any thread: all processes are to save and end. */
    void stop() {
        stopping = true;
    }
}
