package org.keeplora.engine;

/** An operand holds NaN or an infinity; the message names the operation and the operand. */
public final class NonFiniteInput extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    NonFiniteInput(String operation, String operand, Matrix matrix) {
        super(operation + ": " + operand + " " + matrix + " holds NaN or an infinity; every element must be finite");
    }

    private NonFiniteInput(String message, NonFiniteInput cause) {
        super(message, cause);
    }

    /** The same problem, with the place where it was met before the message. */
    public NonFiniteInput in(String place) {
        return new NonFiniteInput(place + ": " + getMessage(), this);
    }
}
