package org.keeplora.train;

import org.keeplora.store.UserError;

/**
 * A loss, gradient or feature is NaN or infinite, so that training cannot continue; the message names the task and what
 * to change.
 */
public final class TrainingDiverged extends UserError {
    private static final long serialVersionUID = 1L;

    TrainingDiverged(String message) {
        super(message);
    }

    TrainingDiverged(String message, Throwable cause) {
        super(message, cause);
    }
}
