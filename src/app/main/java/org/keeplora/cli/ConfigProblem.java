package org.keeplora.cli;

import java.util.Locale;
import org.keeplora.store.UserError;

/** A configuration cannot be used; the message says which key, what it holds and what must hold. */
final class ConfigProblem extends UserError {
    private static final long serialVersionUID = 1L;

    ConfigProblem(String message) {
        super(message);
    }

    /** {@code name} becomes a folder of the results, so it may lead nowhere else. */
    static void unlessFolderName(String key, String name) {
        unless(
                name.matches("[^/\\\\\\p{Cntrl}]{1,200}") && !name.matches("\\.+"),
                "%s: '%s' names a folder of the results; write it without / and \\, in at most 200 letters",
                key,
                name);
    }

    static void unless(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new ConfigProblem(String.format(Locale.ROOT, message, values));
        }
    }
}
