package org.keeplora.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keeplora.store.NamedArray;
import org.keeplora.train.Checkpoints;

/** The checkpoints of a rank that has no files: it can only wish to stop. */
final class Follower implements Checkpoints {
    private volatile boolean stopping;

    @Override
    public Optional<Saved> latest() {
        return Optional.empty();
    }

    @Override
    public void save(List<NamedArray> arrays, Map<String, String> facts) {}

    @Override
    public Wish wish() {
        return stopping ? Wish.STOP : Wish.GO_ON;
    }

    /** From any thread: all ranks are to save and end. */
    void stop() {
        stopping = true;
    }
}
