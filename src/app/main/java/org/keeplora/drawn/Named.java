package org.keeplora.drawn;

/**
 * Something that can be drawn, with its name.
 *
 * @param name the singular; the name of the class
 * @param plural the plural
 */
record Named<T>(String name, String plural, T thing) {
    /** A thing with the regular plural. */
    static <T> Named<T> of(String name, T thing) {
        return new Named<>(name, name + "s", thing);
    }

    /** Another thing with the same name. */
    <R> Named<R> with(R other) {
        return new Named<>(name, plural, other);
    }
}
