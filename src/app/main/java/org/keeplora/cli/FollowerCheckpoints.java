package org.keeplora.cli;

import org.keeplora.train.Checkpoints;

/**
 * The checkpoints of a process other than the first. Only process 0 has the files; this one can only request a stop.
 */
final class FollowerCheckpoints implements Checkpoints {
    private volatile boolean stopping;

    @Override
    public Request request() {
        return stopping ? Request.STOP : Request.CONTINUE;
    }

    /** Asks all processes to save and end. May be called from any thread. */
    void stop() {
        stopping = true;
    }
}
