package org.keeplora.clip;

/** How many positions of a batch of prompts are kept. */
public enum TextLength {
    /** Up to the longest end-of-text: attention is causal, so later positions change no feature. */
    LONGEST,
    /** The whole context. */
    CONTEXT
}
