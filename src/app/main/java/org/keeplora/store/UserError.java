package org.keeplora.store;

/**
 * An error that the user can fix: in a file, the configuration, the environment or on the command line. The program
 * ends with exit code 2 and shows the message, which is one line: place, what is wrong, what to do.
 *
 * <p>An {@link IllegalArgumentException} or {@link IllegalStateException} is a bug of the program instead.
 */
public class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message may quote hostile files, so control characters in it are escaped and a very long one is shortened
     */
    public UserError(String message) {
        super(OneLine.of(message));
    }

    /** As above, with the exception that was caught as the cause. */
    public UserError(String message, Throwable cause) {
        super(OneLine.of(message), cause);
    }
}
