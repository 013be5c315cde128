package org.keeplora.cli;

import org.keeplora.train.Checkpoints;

/** The checkpoints of a process other than the first, which alone has the files: this one can only wish to stop. */
final class FollowerCheckpoints implements Checkpoints {
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
