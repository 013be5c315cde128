package org.keeplora.store;

/**
 * Something the user can mend: in a file, the configuration, the environment or on the command line. The program ends
 * with exit code 2 and shows the message, which is one line: place, what is wrong, what to do.
 *
 * <p>An {@link IllegalArgumentException} or {@link IllegalStateException} is an error of the program instead.
 */
public class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message control characters in it are escaped, and a very long one is shortened: it may quote hostile files
     */
    public UserError(String message) {
        super(OneLine.of(message));
    }

    /** As above, with what was caught as the cause. */
    public UserError(String message, Throwable cause) {
        super(OneLine.of(message), cause);
    }
}
