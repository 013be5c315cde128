package org.keeplora.engine;

import java.util.Locale;

/** Checks arguments; the message states the argument and the condition. */
final class Check {
    private Check() {}

    static void that(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, message, values));
        }
    }

    static void shapes(boolean fit, String message, Object... values) {
        if (!fit) {
            throw new ShapeMismatch(String.format(Locale.ROOT, message, values));
        }
    }

    static void sameType(String operation, Matrix one, Matrix other) {
        shapes(one.type() == other.type(), "%s: operands are %s and %s; types must agree", operation, one, other);
    }
}
