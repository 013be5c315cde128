package org.keeplora.engine;

/** Conditions on arguments, with a message that says what was given and what must hold. */
final class Check {
    private Check() {}

    static void that(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(message.formatted(values));
        }
    }

    static void shapes(boolean fit, String message, Object... values) {
        if (!fit) {
            throw new ShapeMismatch(message.formatted(values));
        }
    }

    static void sameType(String operation, Matrix one, Matrix other) {
        shapes(one.type() == other.type(), "%s: operands are %s and %s; types must agree", operation, one, other);
    }
}
