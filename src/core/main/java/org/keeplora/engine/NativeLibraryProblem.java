package org.keeplora.engine;

/**
 * This machine or process cannot hold the native libraries; the message is one line: what is in the way, and what to
 * do.
 */
public final class NativeLibraryProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NativeLibraryProblem(String message) {
        super(message);
    }
}
