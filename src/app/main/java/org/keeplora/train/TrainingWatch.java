package org.keeplora.train;

import java.util.Optional;
import java.util.function.Supplier;

/** Watches a training step by step. */
public interface TrainingWatch {
    /** Begins at the beginning and looks at nothing. */
    TrainingWatch NONE = new TrainingWatch() {
        @Override
        public Optional<TrainingPoint> begin() {
            return Optional.empty();
        }

        @Override
        public Checkpoints.Wish wish() {
            return Checkpoints.Wish.GO_ON;
        }

        @Override
        public void stepped(Checkpoints.Wish wish, Supplier<TrainingPoint> point) {}
    };

    /** Where to begin; empty for the first step. */
    Optional<TrainingPoint> begin();

    /** What this process wishes to do after the step that is being made. */
    Checkpoints.Wish wish();

    /**
     * A step was made. An exception ends the training.
     *
     * @param wish of all processes
     * @param point may be asked for during the call
     */
    void stepped(Checkpoints.Wish wish, Supplier<TrainingPoint> point);
}
