package org.keeplora.distributed;

import java.time.Duration;

/**
 * A process that died, hangs or cannot be reached; the run ends on every process. The message names it, its host and
 * what is known.
 *
 * <p>It is thrown at most the group's time-out and {@link #DIAGNOSIS} after the other processes began to wait.
 */
public final class LostProcess extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** At most what finding out takes, after the time-out. */
    public static final Duration DIAGNOSIS = Duration.ofSeconds(12);

    LostProcess(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same, with what to do next. */
    public LostProcess withAdvice(String advice) {
        return new LostProcess(getMessage() + "; " + advice, this);
    }
}
