package org.keeplora.clip;

/** The four linear maps of an attention layer. */
public enum AttentionProjection {
    Q,
    K,
    V,
    O
}
