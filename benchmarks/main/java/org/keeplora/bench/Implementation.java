package org.keeplora.bench;

/** Which side a benchmark times. */
public enum Implementation {
    /** This library. */
    KEEPLORA,
    /** The authors' program's calls, through libtorch. */
    AUTHORS
}
