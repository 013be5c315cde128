package org.keeplora.ranks;

/** A rank that died, hangs or cannot be reached; the run ends on every rank. The message names it, its host and what is known. */
public final class LostRank extends RuntimeException {
    private static final long serialVersionUID = 1;

    LostRank(String message, Throwable cause) {
        super(message, cause);
    }

    /** The same, with what to do next. */
    public LostRank withAdvice(String advice) {
        return new LostRank(getMessage() + "; " + advice, this);
    }
}
