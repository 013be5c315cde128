package org.keeplora.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keeplora.store.ArraySource;
import org.keeplora.store.NamedArray;

/** Where a run writes down how far it has come, so that another process can go on from there to the same numbers. */
public interface Checkpoints {
    /** Keeps nothing. */
    Checkpoints NONE = new Checkpoints() {
        @Override
        public Optional<Saved> latest() {
            return Optional.empty();
        }

        @Override
        public void save(List<NamedArray> arrays, Map<String, String> facts) {}

        @Override
        public Wish wish() {
            return Wish.GO_ON;
        }
    };

    /** What {@link #save} was given. */
    record Saved(ArraySource arrays, Map<String, String> facts) {}

    /** What was saved last; empty before the first time. */
    Optional<Saved> latest();

    /** Writes down where the run is; called after every task, and between two steps by {@link #wish}. */
    void save(List<NamedArray> arrays, Map<String, String> facts);

    /** What the run is to do after a step. */
    enum Wish {
        /** The next step. */
        GO_ON,
        /** Save in the middle of the task, as so much time has passed, then the next step. */
        SAVE,
        /** Save and end with {@link RunStopped}. */
        STOP
    }

    /** Asked after every step and every task. */
    Wish wish();
}
