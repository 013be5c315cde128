package org.keeplora.learner;

import org.keeplora.engine.NonFiniteInput;
import org.keeplora.engine.internal.Require;

/** Names that the caller gives, and how they stand in messages. */
final class Names {
    private static final int LONGEST = 1000;

    private Names() {}

    /** A name of the caller's as it stands in a message of one line. */
    static String shown(String name) {
        return name == null ? "null" : "\"" + name.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", "?") + "\"";
    }

    /** A name goes into JSON as it is, so it holds nothing that JSON would escape. */
    static void require(String what, String name) {
        Require.that(name != null && !name.isBlank(), "the name of the %s is empty; it needs one", what);
        Require.that(
                name.length() <= LONGEST && name.codePoints().noneMatch(Names::isRefused),
                "%s %s: a name has at most %d characters, and no control characters, line ends, quotes, backslashes or"
                        + " characters beyond U+FFFF",
                what,
                shown(name.length() <= LONGEST ? name : name.substring(0, LONGEST)),
                LONGEST);
    }

    private static boolean isRefused(int c) {
        return Character.isISOControl(c)
                || c == '"'
                || c == '\\'
                || c > Character.MAX_VALUE
                || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE
                || Character.getType(c) == Character.LINE_SEPARATOR
                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
    }

    /** {@code e}, with where it happened. */
    static IllegalArgumentException about(String where, IllegalArgumentException e) {
        return e instanceof NonFiniteInput values
                ? values.in(where)
                : new IllegalArgumentException(where + ": " + e.getMessage(), e);
    }
}
