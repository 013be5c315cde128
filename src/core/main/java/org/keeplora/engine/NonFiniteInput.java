package org.keeplora.engine;

/** An operand holds NaN or an infinity; the message names the operation and the operand. */
public final class NonFiniteInput extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    NonFiniteInput(String operation, String operand, Matrix matrix) {
        super(operation + ": " + operand + " " + matrix + " holds NaN or an infinity; every element must be finite");
    }
}
