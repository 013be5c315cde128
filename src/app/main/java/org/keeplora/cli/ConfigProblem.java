package org.keeplora.cli;

import java.util.Locale;
import org.keeplora.store.UserError;

/** A configuration cannot be used. The message names the key, its value and what is expected. */
final class ConfigProblem extends UserError {
    private static final long serialVersionUID = 1L;

    ConfigProblem(String message) {
        super(message);
    }

    /** Requires that {@code name} is a plain folder name, because it becomes a folder of the results. */
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
