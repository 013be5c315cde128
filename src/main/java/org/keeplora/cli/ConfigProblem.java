package org.keeplora.cli;

/** A configuration cannot be used; the message says which key, what it holds and what must hold. */
final class ConfigProblem extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    ConfigProblem(String message) {
        super(message);
    }

    static void unless(boolean holds, String message, Object... values) {
        if (!holds) {
            throw new ConfigProblem(message.formatted(values));
        }
    }
}
