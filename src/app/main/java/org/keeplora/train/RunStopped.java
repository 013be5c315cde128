package org.keeplora.train;

/** The run was asked to stop, and has saved where it is. */
public final class RunStopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    RunStopped(String where) {
        super("stopped and saved " + where);
    }
}
