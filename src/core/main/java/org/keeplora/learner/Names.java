package org.keeplora.learner;

import java.util.Locale;
import org.keeplora.engine.NonFiniteInput;

/** Checks of what the caller gives, with messages of one line. */
final class Names {
    private Names() {}

    static void that(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, message, values));
        }
    }

    /** A name goes into JSON as it is, so it holds nothing that JSON would escape. */
    static void require(String what, String name) {
        that(name != null && !name.isBlank(), "the name of the %s is empty; it needs one", what);
        that(
                name.chars().noneMatch(c -> c < ' ' || c == '"' || c == '\\' || Character.isSurrogate((char) c)),
                "%s \"%s\": a name must be free of control characters, quotes, backslashes and characters beyond"
                        + " U+FFFF",
                what,
                name);
    }

    /** {@code e}, with where it happened. */
    static IllegalArgumentException about(String where, IllegalArgumentException e) {
        return e instanceof NonFiniteInput values
                ? values.in(where)
                : new IllegalArgumentException(where + ": " + e.getMessage(), e);
    }
}
