package org.keeplora.clip;

/** How many positions a batch of prompts keeps. */
public enum TextLength {
    /** Up to the longest end-of-text: attention is causal, so what follows changes no feature. */
    LONGEST,
    /** The whole context. */
    CONTEXT
}
