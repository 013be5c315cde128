package org.keeplora.engine.internal;

import java.util.Locale;

/** Checks of arguments, with messages of one line that are the same in every locale. */
public final class Require {
    private Require() {}

    /** @throws IllegalArgumentException with {@code message} as it is if it does not hold */
    public static void that(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** @throws IllegalArgumentException with {@link #text} of {@code message} and {@code values} if it does not hold */
    public static void that(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(text(message, values));
        }
    }

    /** As {@link String#format}, in no language. */
    public static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
