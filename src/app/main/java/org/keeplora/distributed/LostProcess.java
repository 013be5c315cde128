package org.keeplora.distributed;

import java.time.Duration;

/**
 * A process died, hangs or cannot be reached. The run ends on every process. The message names the process, its host
 * and what is known.
 *
 * <p>Thrown no later than the group's time-out plus {@link #DIAGNOSIS} after the other processes began to wait.
 */
public final class LostProcess extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Longest duration of the diagnosis after the time-out. */
    public static final Duration DIAGNOSIS = Duration.ofSeconds(12);

    LostProcess(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same exception with advice. */
    public LostProcess withAdvice(String advice) {
        return new LostProcess(getMessage() + "; " + advice, this);
    }
}
