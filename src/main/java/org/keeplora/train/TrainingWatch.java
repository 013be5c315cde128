package org.keeplora.train;

import java.util.Optional;
import java.util.function.Supplier;

/** Watches a training step by step. */
interface TrainingWatch {
    /** Begins at the beginning and looks at nothing. */
    TrainingWatch NONE = new TrainingWatch() {
        @Override
        public Optional<TrainingPoint> begin() {
            return Optional.empty();
        }

        @Override
        public void stepped(Supplier<TrainingPoint> point) {}
    };

    /** Where to begin; empty for the first step. */
    Optional<TrainingPoint> begin();

    /** A step was made; {@code point} may be asked for during the call. An exception ends the training. */
    void stepped(Supplier<TrainingPoint> point);
}
