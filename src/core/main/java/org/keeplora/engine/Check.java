package org.keeplora.engine;

import java.util.Objects;
import org.bytedeco.javacpp.Pointer;
import org.keeplora.engine.internal.Require;

/** Checks arguments; the message states the argument and the condition. */
final class Check {
    /** Beyond this a C++ allocation ends the process instead of failing. */
    private static final long MOST_ELEMENTS = 1L << 48;

    private Check() {}

    static void shapes(boolean fit, String message, Object... values) {
        if (!fit) {
            throw new ShapeMismatch(Require.text(message, values));
        }
    }

    /** Neither the list of rows nor a row is null. */
    static void given(String operation, String name, Object[] rows) {
        Objects.requireNonNull(rows, () -> operation + ": " + name + " are null");
        for (int row = 0; row < rows.length; row++) {
            int number = row;
            Objects.requireNonNull(rows[row], () -> operation + ": row " + number + " is null");
        }
    }

    static void half(ElementType type) {
        Objects.requireNonNull(type, "wrap: type is null");
        Require.that(type.isHalf(), "wrap: type is %s; elements of two bytes must be F16 or BF16", type);
    }

    static void size(String operation, int rows, int cols, ElementType type) {
        Objects.requireNonNull(type, () -> operation + ": type is null");
        shapes(rows >= 0 && cols >= 0, "%s: matrix of %d x %d; neither number may be negative", operation, rows, cols);
        shapes(
                (long) rows * cols <= MOST_ELEMENTS,
                "%s: matrix of %d x %d; no memory holds more than %d elements",
                operation,
                rows,
                cols,
                MOST_ELEMENTS);
    }

    /** The caller's memory holds elements of the size that {@code type} has. */
    static void elements(String operation, ElementType type, Pointer values) {
        Objects.requireNonNull(type, () -> operation + ": type is null");
        Objects.requireNonNull(values, () -> operation + ": the memory is null");
        shapes(
                values.sizeof() == type.bytes(),
                "%s: elements of %d bytes were given as %s",
                operation,
                values.sizeof(),
                type);
    }

    /** The memory of a matrix that the caller gives. */
    static void memory(String operation, int rows, int cols, Pointer values) {
        Objects.requireNonNull(values, () -> operation + ": the memory is null");
        length(operation, rows, cols, values.limit() - values.position());
    }

    /** {@code length} elements are enough for a matrix. */
    static void length(String operation, int rows, int cols, long length) {
        shapes(
                rows >= 0 && cols >= 0 && (long) rows * cols <= length,
                "%s: matrix of %d x %d needs %d elements but the memory given holds %d",
                operation,
                rows,
                cols,
                (long) rows * cols,
                length);
    }

    static void sameType(String operation, Matrix one, Matrix other) {
        shapes(one.type() == other.type(), "%s: operands are %s and %s; types must agree", operation, one, other);
    }
}
