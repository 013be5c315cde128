package org.keeplora.engine;

/**
 * The native libraries cannot be loaded on this machine or in this process. The message is one line: the obstacle and
 * what to do.
 */
public final class NativeLibraryProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NativeLibraryProblem(String message) {
        super(message);
    }
}
