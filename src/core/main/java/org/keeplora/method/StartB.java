package org.keeplora.method;

/** What the trained LoRA factor B starts from. */
public enum StartB {
    /** S_r V_rᵀ of the projected gradient; the weight is reduced by s·A·B so that the function stays the same. */
    GRADIENT,
    /** Zero (KeepLoRA++). */
    ZERO
}
