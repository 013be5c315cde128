package org.keeplora.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keeplora.store.ArraySource;
import org.keeplora.store.NamedArray;

/** Where a run writes down how far it has come, so that another process can go on from there to the same numbers; nowhere, unless it is implemented. */
public interface Checkpoints {
    /** Keeps nothing and wishes nothing. */
    Checkpoints NONE = () -> Wish.GO_ON;

    /** What {@link #save} was given. */
    record Saved(ArraySource arrays, Map<String, String> facts) {}

    /** What was saved last; empty before the first time. */
    default Optional<Saved> latest() {
        return Optional.empty();
    }

    /** Writes down where the run is; called after every task, and between two steps by {@link #wish}. */
    default void save(List<NamedArray> arrays, Map<String, String> facts) {}

    /** What the run is to do after a step. */
    enum Wish {
        /** The next step. */
        GO_ON,
        /** Save in the middle of the task, as so much time has passed, then the next step. */
        SAVE,
        /** Save and end with {@link RunStopped}. */
        STOP
    }

    /** Asked in every step and after every task; of several processes each may have its own, and all do what the strongest says. */
    Wish wish();
}
