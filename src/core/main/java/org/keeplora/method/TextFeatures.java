package org.keeplora.method;

/** Which positions of a prompt count as features of the text tower. */
public enum TextFeatures {
    /** Tokens up to and including end-of-text. */
    UP_TO_END_OF_TEXT,
    /** Every position of the context, padding too: what the authors' MTIL program does. */
    ALL_POSITIONS
}
