package org.keeplora.drawn;

/**
 * Something that can be drawn, and what it is called.
 *
 * @param name one of it; what a class is called
 * @param plural several
 */
record Named<T>(String name, String plural, T thing) {
    /** With the plural that most words have. */
    static <T> Named<T> of(String name, T thing) {
        return new Named<>(name, name + "s", thing);
    }

    /** Another thing by the same name. */
    <R> Named<R> with(R other) {
        return new Named<>(name, plural, other);
    }
}
