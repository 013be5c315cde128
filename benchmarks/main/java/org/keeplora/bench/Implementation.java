package org.keeplora.bench;

/** The timed implementation. */
public enum Implementation {
    /** This library. */
    KEEPLORA,
    /** The libtorch calls of the authors' program. */
    AUTHORS
}
