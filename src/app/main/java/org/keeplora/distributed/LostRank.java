package org.keeplora.distributed;

import java.time.Duration;

/**
 * A rank that died, hangs or cannot be reached; the run ends on every rank. The message names it, its host and what is known.
 *
 * <p>It is thrown at most the group's time-out and {@link #DIAGNOSIS} after the other ranks began to wait.
 */
public final class LostRank extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** At most what finding out takes, after the time-out. */
    public static final Duration DIAGNOSIS = Duration.ofSeconds(12);

    LostRank(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same, with what to do next. */
    public LostRank withAdvice(String advice) {
        return new LostRank(getMessage() + "; " + advice, this);
    }
}
