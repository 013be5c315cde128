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
        public boolean due() {
            return false;
        }

        @Override
        public boolean stopping() {
            return false;
        }
    };

    /** What {@link #save} was given. */
    record Saved(ArraySource arrays, Map<String, String> facts) {}

    /** What was saved last; empty before the first time. */
    Optional<Saved> latest();

    /** Writes down where the run is; called after every task, and between two steps when {@link #due} or {@link #stopping}. */
    void save(List<NamedArray> arrays, Map<String, String> facts);

    /** Whether so much time has passed that it is worth saving in the middle of a task. */
    boolean due();

    /** Whether the run is to save and end with {@link RunStopped} as soon as it can. */
    boolean stopping();
}
