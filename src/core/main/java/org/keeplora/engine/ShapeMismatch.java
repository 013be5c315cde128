package org.keeplora.engine;

/** Two operands' shapes or types do not fit; the message names the operation, both operands and what must hold. */
public final class ShapeMismatch extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    ShapeMismatch(String message) {
        super(message);
    }
}
